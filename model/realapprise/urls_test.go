//go:build apprise

package realapprise

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"xmppscope/urlspec"
)

// The pieces of generated URLs: what people write, and what has a meaning to one
// of the many parsers that a URL of Apprise goes through.
var (
	schemes = []string{"xmpps://", "xmpps://", "xmpps://", "xmpp://", "XMPPS://", "xmpps:/", "xmpps:///",
		" xmpps://", "xmpp:\\\\", "json://"}
	users = []string{"alice", "alice:pw", "alice:p%40ss", "al.ice:pw", "me%40example.net:pw", "alice:", ":pw", "",
		"alice:p@ss", "alice:p:w", "alice%2Fdesk:pw", "%C3%A9ve:pw", "al%20ice:pw", "A_B-c:p%2Fw", "alice:pw@",
		"al+ice:p+w", "%23alice:pw", "alice%:pw", "alice:%zz", "%2523a:pw"}
	hosts = []string{"example.com", "example.com", "EXAMPLE.com", "localhost", "h", "1.example.com",
		"a_b.example", "xn--mller-kva.example", "müller.example", "127.0.0.1", "300.1.2.3", "1.2.3", "[::1]",
		"[2001:DB8::1]", "[fe80::1%25e]", "::1", "example.com.", "-a.example", "a-.example", "a..b", "ex%61mple.com",
		"", "example。com"}
	ports = []string{"", "", "", ":5222", ":5223", ":0", ":", ":443", ":65536", ":-1", ":abc", ":5_222", ":+5222",
		":４４３", ":52:22", ": 5222", ":4.2", ":99999999999999999999"}
	targets = []string{"bob", "bob", "#room", "%23room", "#room@conference.example.com", "%2523room",
		"bob@example.net", "bob/desk", "bob%2Fdesk", "bob%252Fdesk", "@x", "x@", "a@b@c", "bob,jane", "bob%20jane",
		"[bob]", "b;x", "#", "##r", "\\#room", "jäne", "bo%22b", "a%ED%A0%80", "%", "%zz", "bob%25", "xmpp:bob@h",
		"a b", "<bob>", "😀", "%C3%28", "ſ", "bob@h/a/b", "bob%2Fa%2Fb", "%40x", "x%40y", "%09bob", "a%00b",
		"to=bob", "..", "."}
	names = []string{"mode", "mode", "to", "to", "name", "xmpp", "roster", "subject", "keepalive", "scramplus",
		"verify", "redirect", "emojis", "optional", "store", "cto", "rto", "retry", "wait", "overflow", "format",
		"tz", "user", "pass", "password", "port", "Mode", " to", "+mode", "-x", ":x", "t%6F", "foo", "jid", "",
		"m+ode", "to "}
	values = []string{"", "yes", "no", "y", "n", "YES", "off", "none", "maybe", "true", "0", "1", "10", "tls",
		"starttls", "s", "t", "n", "TLS", "plain", "bob,jane", "#room@c", "%23room", "bob%2Fdesk", "4", "4.5", "-1",
		"1e3", "1e400", "inf", "nan", "NaN", " 5 ", "%205", "1_0", "٣", "0x10", "split", "truncate", "upstream",
		"SPLIT", "html", "text", "markdown", "UTC", "utc", "Europe/Berlin", "berlin", "Zulu", "GMT", "bogus",
		"xmpp.example.com", "h:5222", "%2525", "%", "pager", "bad-name", "a_b", "a%20b", "5222", "＋5", "%EF%BC%91",
		"ye", "enabled", "disable", "fa"}
	seams = []string{"&", "&", "&", ";", "&&", "?", "%26"}
	signs = []string{"@", "/", ":", "#", "?", "&", ";", ",", "=", "%", "%2F", "%23", "%40", "%25", "[", "]", " ",
		"\t", "\n", "\u00a0", "\u3000", "\u200b", "\x1c", "+", "\\", "'", "\"", "<", "|", "`", "é", "ß", "İ", "K",
		"%00", "%C3%A9", "%ff", "-", "_", ".", "0", "9", "a", "Z", "٣", "😀", "/#", "//", "@@", "::", "%2523"}
)

func (c chance) url() string {
	var b strings.Builder
	if c.often(60) {
		b.WriteString("xmpps://" + c.one(users[:3]) + "@example.com")
	} else {
		b.WriteString(c.one(schemes))
		if c.often(95) {
			b.WriteString(c.one(users) + "@")
		}
		b.WriteString(c.one(hosts) + c.one(ports))
	}
	for range c.IntN(4) {
		b.WriteString("/" + c.one(targets))
	}
	if c.often(70) {
		b.WriteString("?")
		for i := range c.IntN(5) {
			if i > 0 {
				b.WriteString(c.one(seams))
			}
			b.WriteString(c.one(names))
			if c.often(95) {
				b.WriteString("=" + c.one(values))
			}
			if c.often(20) {
				b.WriteString(c.one(targets))
			}
		}
	}
	text := b.String()
	if c.often(25) {
		text = c.spoil(text, signs)
	}
	return text
}

// TestURLs: generated URLs, and recorded ones with a change, are read as Apprise
// reads them.
func TestURLs(t *testing.T) {
	const total = 20_000
	judge, chance := newJudge(t), newChance(t)
	known := recorded(t, "url", "urls.jsonl", "urls2.jsonl")
	questions := make([]question, total)
	for i := range questions {
		text := chance.url()
		if i%3 == 0 {
			text = chance.spoil(chance.one(known), signs)
		}
		questions[i] = question{Do: "read", URL: text}
	}
	accepted, different := 0, 0
	judge.askAll(t, questions, func(i int, answer json.RawMessage) {
		var want struct {
			Reading any `json:"reading"`
		}
		decode(t, answer, &want)
		ours, err := json.Marshal(urlspec.Parse(questions[i].URL).Reading)
		if err != nil {
			t.Fatal(err)
		}
		var got any
		decode(t, ours, &got)
		if reading, ok := want.Reading.(map[string]any); ok && reading["accepted"] == true {
			accepted++
		}
		if reflect.DeepEqual(got, want.Reading) {
			return
		}
		if different++; different <= 20 {
			judge.differ(t, "%q\nours    %s\nApprise %s", questions[i].URL, ours, answer)
		}
	})
	if accepted < total/5 || accepted > total*9/10 {
		t.Errorf("Apprise accepts %d of %d URLs: too few or too many to show anything", accepted, total)
	}
	t.Logf("%-40s %6d", "URLs", total)
	t.Logf("%-40s %6d", "of them accepted", accepted)
	t.Logf("%-40s %6d", "read differently", different)
}

// decode keeps numbers as they are written, so that 4 and 4.0 differ.
func decode(t testing.TB, text []byte, into any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}
