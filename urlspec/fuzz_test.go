package urlspec

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// addRows seeds a fuzz target with the recorded URLs.
func addRows(f *testing.F) {
	for _, row := range oracleRows(f) {
		if len(row.URL) < 512 {
			f.Add(row.URL)
		}
	}
	for _, info := range Codes() {
		f.Add(info.Wrong)
	}
	f.Add("xmpp://@[::%\xd1]")
}

// FuzzParse: any bytes have spans that cover them in order, parts that lie in
// them, problems that can be shown, and a reason when they are refused.
func FuzzParse(f *testing.F) {
	addRows(f)
	f.Fuzz(func(t *testing.T, text string) {
		s := Parse(text)
		checkSpans(t, s)
		checkProblems(t, s)
		for i, p := range s.Params {
			if p.NameStart > p.NameEnd || p.NameEnd > p.ValueStart || p.ValueStart > p.ValueEnd || p.ValueEnd > len(text) ||
				i > 0 && p.NameStart < s.Params[i-1].ValueEnd {
				t.Fatalf("parameter %+v of %q", p, text)
			}
		}
		for _, a := range s.Reading.Targets {
			if a.Start > a.End || a.End > len(text) {
				t.Fatalf("target %+v of %q", a, text)
			}
		}
		if out, err := json.Marshal(s.Reading); err != nil || !json.Valid(out) {
			t.Fatalf("reading of %q: %s, %v", text, out, err)
		}
		for _, m := range Find(text) {
			if text[m.Start:m.End] != m.URL {
				t.Fatalf("match %+v of %q", m, text)
			}
		}
		for _, c := range Complete(text, len(text)) {
			if c.Start > c.End || c.End > len(text) {
				t.Fatalf("completion %+v of %q", c, text)
			}
		}
		for _, x := range s.Settings() {
			written := slices.ContainsFunc(s.Params, func(p Param) bool { return p.Name == x.Name })
			if x.Known && x.Set != written || !x.Set && (x.Differs || x.Value != x.Default || x.Note() != "") {
				t.Fatalf("setting %+v of %q", x, text)
			}
		}
		Extract(text)
	})
}

func checkProblems(t *testing.T, s Spec) {
	t.Helper()
	errors, last := 0, 0
	for _, p := range s.Problems {
		if _, ok := Explain(p.Code); !ok {
			t.Fatalf("%q: code %q is not in the table", s.Text, p.Code)
		}
		if p.Start < last || p.End < p.Start || p.End > len(s.Text) {
			t.Fatalf("%q: problem %+v out of place", s.Text, p)
		}
		last = p.Start
		if !showable(p.Message) || p.Fix != nil && !showable(p.Fix.Label) {
			t.Fatalf("%q: %s says %q, fix %+v", s.Text, p.Code, p.Message, p.Fix)
		}
		if p.Severity == Error {
			errors++
		}
	}
	if !s.Reading.Accepted && errors == 0 {
		t.Fatalf("%q is refused without a reason: %+v", s.Text, s.Problems)
	}
}

// showable is true for text that is safe on a terminal.
func showable(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

// canary stands in every fuzzed password and nowhere else.
const canary = "Zq7"

// FuzzRedact: a password shows neither whole nor in part, neither raw nor
// encoded, neither typed nor half typed, nor in a problem.
func FuzzRedact(f *testing.F) {
	for _, p := range []string{"secret", "@ss", "p@ss", ":ss", "p/ss", "/", "#ss", "?ss", "p%ss", "[pass]", "pä55", " ss",
		"w=word", "a://b", "52222", "&q;r=s", "p\"q'r", "?user=pq"} {
		f.Add("", p)
		f.Add(p, "")
		f.Add(p, p)
	}
	f.Fuzz(func(t *testing.T, head, tail string) {
		const before, after = "xmpps://user:", "@host.example/mate?mode=tls"
		if strings.Contains(head+tail, "Z") || !utf8.ValidString(head+tail) || len(head+tail) > 200 {
			return // every prefix of it is read, so longer ones take too long
		}
		quoted := quote(head + canary + tail)
		hidden(t, before+quoted+after)
		hidden(t, "xmpps://user@host.example?mode=tls&pass="+quoted)
		hidden(t, "xmpps://host.example?password="+quoted+"&user=me")
		hidden(t, "xmpps://"+quoted+"@host.example?user=me")
		hidden(t, "apprise -b x "+before+quoted+after+" json://localhost")

		password := head + canary + tail
		if i := strings.IndexByte(password, '@'); i >= 0 && strings.ContainsAny(password[i:], "/?#") {
			return // its "@" and "/" make another URL, which is what Apprise reads
		}
		if strings.ContainsAny(password, "\n\r") || strings.Contains(password, "?") && strings.Contains(password, "=") {
			return // other lines, and parameters of their own
		}
		hidden(t, before+password+after)
		for i := len(head) + 2; i <= len(password); i++ {
			if strings.Contains(password[:i], "@") {
				break // what follows is the host, as far as anyone can tell
			}
			hidden(t, before+password[:i])
		}
	})
}

// hidden fails when what is shown of a text has a part of the canary in it.
func hidden(t *testing.T, text string) {
	t.Helper()
	part := canary[:2]
	s := Parse(text)
	for _, x := range s.Settings() {
		if told := x.Name + " " + x.Value + " " + x.Default + " " + x.Note(); strings.Contains(told, part) {
			t.Fatalf("%q: the setting %s is told as %q", text, x.Name, told)
		}
	}
	if got := s.Redacted(); strings.Contains(got, part) {
		t.Fatalf("%q is shown as %q", text, got)
	}
	for _, p := range s.Problems {
		said := p.Message
		if p.Fix != nil {
			said += "\n" + p.Fix.Label + "\n" + p.Fix.Text
			if got := Redact(p.Fix.Apply(text)); strings.Contains(got, part) {
				t.Fatalf("%q, fixed for %s, is shown as %q", text, p.Code, got)
			}
		}
		if strings.Contains(said, part) {
			t.Fatalf("%q: %s says %q", text, p.Code, said)
		}
	}
}

// roundTrips is true for a JID that Apprise's own rendering carries: it quotes
// once what it decodes twice and splits afterwards.
func roundTrips(jid string) bool {
	return !strings.ContainsAny(jid, "%[],;") && strings.IndexFunc(jid, isSpace) < 0
}

// FuzzCanonical: the canonical URL reads as what it was made from, wherever
// Apprise's own would.
func FuzzCanonical(f *testing.F) {
	addRows(f)
	f.Fuzz(func(t *testing.T, text string) {
		a := Parse(text).Reading
		// The user of a canonical URL is the login JID, and "#" in front of it
		// marks a room.
		if !a.Accepted || !roundTrips(a.LoginJID) || strings.HasPrefix(a.LoginJID, "#") || !isHost(a.Host) ||
			!utf8.ValidString(text) {
			return
		}
		if a.Port < 0 || a.bigPort != "" || strings.Contains(a.CanonicalURL, "]:") && portColon(a.Host+":1") < 0 {
			return
		}
		for _, x := range a.Targets {
			if !roundTrips(x.JID) || strings.HasPrefix(x.JID, "#") {
				return
			}
		}
		if strings.Contains(a.TCPHost, "%") || strip(a.TCPHost) != a.TCPHost {
			return
		}
		b := Parse(a.CanonicalURL).Reading
		b.User, b.Password, b.PasswordSet, b.VerifyUnrecognised = a.User, a.Password, a.PasswordSet, a.VerifyUnrecognised
		if !strings.Contains(a.CanonicalURL, "&name=") {
			b.Nick = a.Nick // the user part, which is another one
		}
		b.Emojis = a.Emojis // Apprise's rendering leaves it out
		if a.TZ != nil && *a.TZ == "UTC" {
			b.TZ = a.TZ
		}
		// Two texts of one JID are one in the canonical URL.
		jids := func(r Reading) []string {
			var out []string
			for _, x := range r.Targets {
				out = append(out, string(x.Kind)+" "+x.JID)
			}
			slices.Sort(out)
			return slices.Compact(out)
		}
		if !slices.Equal(jids(a), jids(b)) {
			t.Fatalf("%q\nas %q\nwrites to %q, not %q", text, a.CanonicalURL, jids(b), jids(a))
		}
		again, first := b.CanonicalURL, a.CanonicalURL
		b.Targets, b.CanonicalURL, b.SelfTarget = a.Targets, a.CanonicalURL, a.SelfTarget
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if string(x) != string(y) {
			t.Fatalf("%q\nreads %s\nits canonical URL %q\nreads %s", text, x, first, y)
		}
		if len(jids(a)) == len(a.Targets) && len(again) != len(first) {
			t.Fatalf("%q: canonical %q becomes %q", text, first, again)
		}
	})
}

// FuzzFixes: a fix makes its problem go away and brings no new error; safe
// fixes come to an end and leave the login alone, unless they say otherwise.
func FuzzFixes(f *testing.F) {
	addRows(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<12 {
			return
		}
		s := Parse(text)
		before := codesOf(s)
		first := lex(text)
		for _, p := range s.Problems {
			if p.Fix == nil {
				continue
			}
			fixed := p.Fix.Apply(text)
			after := Parse(fixed)
			counts := codesOf(after)
			if counts[p.Code] >= before[p.Code] {
				t.Fatalf("%q: the fix for %s gives %q, which has it still", text, p.Code, fixed)
			}
			for _, q := range after.Problems {
				if q.Severity == Error && counts[q.Code] > before[q.Code] && !first.faults.has(notURL) {
					t.Fatalf("%q: the fix for %s gives %q, which has %s", text, p.Code, fixed, q.Code)
				}
			}
		}
		fixed, applied := FixAll(text)
		if len(applied) < maxFixes {
			for _, p := range Parse(fixed).SafeFixes() {
				if p.Fix.Apply(fixed) == fixed {
					t.Fatalf("%q: %s has a fix that does nothing", fixed, p.Code)
				}
			}
		}
	})
}

// FuzzEdits: an edit that is made reads back as what was asked for.
func FuzzEdits(f *testing.F) {
	for _, row := range oracleRows(f) {
		if len(row.URL) < 256 {
			f.Add(row.URL, "some value & more", "joe@example.org/a", 5269)
		}
	}
	f.Fuzz(func(t *testing.T, text, value, jid string, port int) {
		s := Parse(text)
		l := lex(text)
		if l.faults.has(notURL | brokenLine) {
			return
		}
		if utf8.ValidString(value) {
			edited := Parse(s.SetParam("name", value).Apply(text))
			got := slices.IndexFunc(edited.Params, func(p Param) bool { return p.Name == "name" && p.Wins })
			if got < 0 || edited.Params[got].Value != strip(value) {
				t.Fatalf("%q with name=%q: %q", text, value, edited.Text)
			}
		}
		for _, p := range s.Params {
			without := Parse(s.RemoveParam(p.Name).Apply(text))
			secret := slices.ContainsFunc(s.Params, func(q Param) bool { return isSecretName(q.Name) })
			if !secret && p.Name != "" && slices.ContainsFunc(without.Params, func(q Param) bool { return q.Name == p.Name }) {
				t.Fatalf("%q without %q: %q", text, p.Name, without.Text)
			}
		}
		if !s.Reading.Accepted {
			return
		}
		port = 1 + (port&0x7FFFFFFF)%65535
		moved := Parse(s.SetPort(port).Apply(text)).Reading
		if moved.Port != port || !strings.EqualFold(moved.Host, s.Reading.Host) {
			t.Fatalf("%q with port %d: %q reads %d", text, port, s.SetPort(port).Apply(text), moved.Port)
		}
		edited := Parse(s.SetHost("other.example").Apply(text))
		if edited.Reading.Host != "other.example" {
			t.Fatalf("%q with another host: %q reads %q", text, edited.Text, edited.Reading.Host)
		}
		if !roundTrips(jid) || strip(jid) != jid || !utf8.ValidString(jid) || strings.ContainsAny(jid, "%") {
			return
		}
		j, ok := splitJID(jid)
		if !ok || j.room {
			return
		}
		want := Address{Kind: Chat, JID: j.String(s.Reading.Host)}
		for _, fix := range []Fix{s.AddTarget(jid), s.ReplaceTarget(0, jid)} {
			edited := Parse(fix.Apply(text))
			if !slices.ContainsFunc(edited.Reading.Targets, func(a Address) bool {
				return a.Kind == want.Kind && a.JID == want.JID
			}) {
				t.Fatalf("%q with target %q: %q writes to %+v", text, jid, edited.Text, edited.Reading.Targets)
			}
		}
	})
}

// jidPattern is Apprise's own pattern; Go's regexp prefers the same matches.
var jidPattern = regexp.MustCompile(strings.NewReplacer(
	"SPACE", `\t-\r\x1c- \x85\xa0\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}`,
).Replace(`^(?:#|%23)?([^@SPACE/]+)(?:(?:@|%40)([^@SPACE/]+))?(?:(?:/|%2F)([^%/SPACE]+)(?:(?:/|%2F).*)?)?$`))

// FuzzJID: the hand-made matcher agrees with the pattern.
func FuzzJID(f *testing.F) {
	for _, s := range []string{"a", "a@b", "a@b/c", "#a%40b", "%23", "a%2Fb@c@d", "a%40b%2Fc@", "#%2Fx@a@b", "a@b%2Fc@d",
		"a/b/c\nd", "a@b%2Fc%2F%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if !utf8.ValidString(raw) {
			return
		}
		got, ok := splitJID(raw)
		m := jidPattern.FindStringSubmatch(strip(raw))
		if (m != nil) != ok {
			t.Fatalf("%q: matched %v, the pattern says %q", raw, ok, m)
		}
		if ok && (got.local != m[1] || got.domain != m[2] || got.resource != m[3]) {
			t.Fatalf("%q: %+v, the pattern says %q", raw, got, m[1:])
		}
	})
}
