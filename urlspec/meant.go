package urlspec

import "strings"

// Unknown stands in a value for a part of the URL that is not typed yet.
const Unknown = "…"

// Meant is a URL as it was probably meant: what can be told of it at every key,
// also while Apprise refuses it.
type Meant struct {
	// Spec is the reading after the fixes, with what may hold a password masked
	// and [Unknown] in the place of what is not there yet. Its reading is always
	// an accepted one.
	Spec Spec
	// Fixed is the text with the fixes made, and nothing made up. It may hold a
	// password. It is the text itself where there is nothing to fix.
	Fixed string
	// Safe says that every fix in Fixed is a safe one.
	Safe bool
	// Labels name the fixes in Fixed, in the order in which they were made.
	Labels []string
	// Unfinished says that something had to be made up: the text is not whole.
	Unfinished bool

	edits []Fix
}

// What stands in the text for a user and a host that are not there, so that
// Apprise's own rules give every other value. Both are unlike anything typed.
const (
	madeUpUser = "user-not-typed-yet"
	madeUpHost = "host.not-typed-yet.invalid"
)

// The work for one text is bounded by the edits that are tried, and by the bytes
// that are read for them.
const (
	maxMeant      = 16
	maxMeantBytes = 128 << 10
)

// Meant gives the URL as it was probably meant. Safe fixes are made always, as
// Apprise's reading gains by them only; those that are for the person to decide
// on, and what is missing, only where Apprise reads nothing or a piece of a
// password.
func (s Spec) Meant() Meant {
	m := Meant{Spec: s.Veiled(), Fixed: s.Text, Safe: true}
	if s.Reading.Accepted && !s.doubt && len(s.SafeFixes()) == 0 {
		return m
	}
	now, seen := Parse(s.Text), map[string]bool{s.Text: true}
	take := func(f Fix) bool {
		text := f.Apply(now.Text)
		if seen[text] {
			return false
		}
		seen[text] = true
		m.edits, now = append(m.edits, f), Parse(text)
		if !m.Unfinished {
			m.Fixed = text
		}
		return true
	}
	for tried, bytes := 0, 0; tried < maxMeant && bytes <= maxMeantBytes; tried++ {
		bytes += len(now.Text)
		if f, ok := now.nextFix(seen); ok {
			m.Safe, m.Labels = m.Safe && f.Kind == FixSafe, append(m.Labels, f.Label)
			take(f)
			continue
		}
		if now.Reading.Accepted {
			break
		}
		m.Unfinished = true
		f := now.completion()
		if now.uncovers(f) {
			f = nothingKnown(now.Text)
		}
		if !take(f) {
			break
		}
	}
	if !now.Reading.Accepted {
		m.Unfinished = true
		take(nothingKnown(now.Text))
	}
	m.Spec = now.Veiled()
	m.Spec.Reading = m.Spec.Reading.unmade()
	return m
}

// nextFix is the fix that is made next: a safe one; where Apprise reads nothing,
// or a piece of a password, also the likeliest one of an error.
func (s Spec) nextFix(seen map[string]bool) (Fix, bool) {
	for _, p := range s.SafeFixes() {
		if !seen[p.Fix.Apply(s.Text)] {
			return *p.Fix, true
		}
	}
	if s.Reading.Accepted && !s.doubt {
		return Fix{}, false
	}
	l := lex(s.Text)
	if l.passwordGoesOn(len(s.Text)) {
		return Fix{}, false // it is no port yet
	}
	for _, p := range s.Problems {
		if p.Severity == Error && p.Fix != nil && !seen[p.Fix.Apply(s.Text)] {
			return *p.Fix, true
		}
	}
	return Fix{}, false
}

// nothingKnown takes a text for a URL of which no part is typed yet.
func nothingKnown(text string) Fix {
	return Fix{End: len(text), Text: "xmpps://" + madeUpUser + "@" + madeUpHost}
}

// completion makes up what is missing first in a text that Apprise refuses and
// that no fix mends.
func (s Spec) completion() Fix {
	l := lex(s.Text)
	net := l.netloc
	insert := func(at int, text string) Fix { return Fix{Start: at, End: at, Text: text} }
	swap := func(from mapped, text string) Fix { return Fix{Start: from.start(), End: from.end(), Text: text} }
	switch {
	case l.faults.has(notURL):
		switch low := lower(strip(s.Text)); {
		case strings.HasPrefix("xmpps://", low):
			return Fix{End: len(s.Text), Text: "xmpps://"}
		case strings.HasPrefix("xmpp://", low):
			return Fix{End: len(s.Text), Text: "xmpp://"}
		case strings.Contains(low, "://"):
			return nothingKnown(s.Text)
		}
		return insert(0, "xmpps://")
	case l.faults.has(otherScheme):
		return swap(l.scheme, "xmpps")
	case l.faults.has(brokenLine):
		at := strings.IndexByte(s.Text, '\n')
		return Fix{Start: at, End: len(s.Text)}
	case net.s == "":
		return insert(l.sep.end(), madeUpUser+"@"+madeUpHost)
	case l.passwordGoesOn(len(s.Text)):
		return Fix{Start: l.user.end(), End: net.end(), Text: ":x@" + madeUpHost}
	case l.userGrows(len(s.Text)):
		return insert(net.end(), "@"+madeUpHost)
	case !l.hasUser:
		return insert(net.start(), madeUpUser+"@")
	case l.host.s == "":
		return insert(net.pos(strings.IndexByte(net.s, '@')+1), madeUpHost)
	}
	r := resolve(&l)
	switch p := l.written("user"); {
	case r.faults.has(badUser) && p != nil:
		return Fix{Start: p.ValueStart, End: p.ValueEnd, Text: madeUpUser}
	case r.faults.has(badUser) && l.user.s == "":
		return insert(net.start(), madeUpUser)
	case r.faults.has(badUser):
		return swap(l.user, madeUpUser)
	case r.faults.has(badHost|badBrackets|hiddenSlash) && l.host.s != "":
		return swap(l.host, madeUpHost)
	case r.faults.has(badPort) && r.portParam != nil:
		return l.removeParam(s.Text, "port")
	case r.faults.has(badPort):
		return Fix{Start: l.host.end(), End: l.port.end()}
	}
	for _, p := range [...]struct {
		fault
		name string
	}{{badMode, "mode"}, {badZone, "tz"}} {
		if r.faults.has(p.fault) && l.written(p.name) != nil {
			return l.removeParam(s.Text, p.name)
		}
	}
	return nothingKnown(s.Text)
}

// userGrows says whether what stands where the host belongs is rather a user whose
// "@" is not typed yet: it ends the text, and is no name of several labels.
func (l *lexed) userGrows(end int) bool {
	return !l.hasUser && l.netloc.s != "" && l.netloc.end() == end && !isDotted(l.netloc.s) && l.netloc.s[0] != '[' &&
		l.written("user") == nil
}

// passwordGoesOn says whether what stands where host and port belong is rather
// the rest of a password with an "@" in it, whose own "@" is not typed yet:
// behind user and password, at the end of the text, with a ":" and no number
// behind it. A name of several labels is a host.
func (l *lexed) passwordGoesOn(end int) bool {
	if !l.hasPass || l.netloc.end() != end {
		return false
	}
	_, rest, _ := strings.Cut(l.netloc.s, "@")
	rest = strings.TrimLeft(rest, "@")
	host, port, found := strings.Cut(rest, ":")
	return found && !strings.ContainsAny(host, "@[") && !strings.Contains(port, "@") && !isDotted(host) &&
		!allDigits(port) && !isHost(rest)
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// unmade is a reading with Unknown in the place of what was made up.
func (r Reading) unmade() Reading {
	swap := strings.NewReplacer(madeUpUser, Unknown, madeUpHost, Unknown)
	for _, value := range []*string{&r.LoginJID, &r.StreamTo, &r.TCPHost, &r.Nick, &r.User, &r.Host, &r.CanonicalURL} {
		*value = swap.Replace(*value)
	}
	targets := make([]Address, len(r.Targets))
	for i, t := range r.Targets {
		t.JID = swap.Replace(t.JID)
		targets[i] = t
	}
	r.Targets = targets
	return r
}

// Back leads from an offset of the meant text to that of the text as it was
// typed. What an edit wrote leads to the place of the edit.
func (m Meant) Back(offset int) int {
	for i := len(m.edits) - 1; i >= 0; i-- {
		f := m.edits[i]
		switch {
		case offset <= f.Start:
		case offset < f.Start+len(f.Text):
			offset = f.Start
		default:
			offset += f.End - f.Start - len(f.Text)
		}
	}
	return offset
}

// Unfinished says whether a text that Apprise refuses only lacks its end: every
// error stands where the next key goes.
func (s Spec) Unfinished() bool {
	if s.Reading.Accepted {
		return false
	}
	l, low := lex(s.Text), lower(s.Text)
	for _, p := range s.Problems {
		switch {
		case p.Severity != Error:
		case p.Code == "user-missing" && !l.hasUser && l.netloc.s != "" && l.netloc.end() == len(s.Text):
		case p.End < len(s.Text):
			return false
		case p.Code == "scheme-missing" && !strings.HasPrefix("xmpps://", low) && !strings.HasPrefix("xmpp://", low):
			return false
		}
	}
	return true
}
