package urlspec

import (
	"fmt"
	"strings"
)

// credentials is the user part of a URL as the person who typed it probably
// meant it: up to the "@" behind which a host stands, whatever Apprise took for
// the end of it.
type credentials struct {
	start, colon, at int // as typed; colon and at are -1 when there is none
	// swallowed is true when the "@" stands behind a delimiter that ended the
	// authority, so that Apprise never sees it.
	swallowed bool
}

// credentials looks for the user part that was meant.
func (c *checker) credentials() credentials {
	net := c.netloc
	m := credentials{start: net.start(), colon: -1, at: -1}
	limit := c.parametersStart(len(c.text))
	if net.end() > limit || c.nameElsewhere() {
		return m
	}
	last, sure := -1, -1 // sure is the "@" that Apprise splits at, where nothing is in doubt
	if i := strings.LastIndexByte(net.s, '@'); i >= 0 && !c.doubt {
		sure = net.pos(i)
	}
	for i := m.start; i < limit; i++ {
		switch c.text[i] {
		case ':':
			if m.colon < 0 && isUserBefore(c.text[m.start:i]) {
				m.colon = i
			}
		case '@':
			last = i
			if m.at < 0 && (i == sure || sure < 0 && c.hostFollows(i, limit, m.colon >= 0)) {
				m.at = i
			}
		}
		if m.at >= 0 {
			break
		}
	}
	if m.at < 0 {
		m.at = last
		if i := strings.LastIndexByte(net.s, '@'); i >= 0 && (c.isPlainHost(net.s[i+1:], true) || c.laterAt(c.text) < 0) {
			m.at = net.pos(i)
		}
	}
	if m.colon > m.at {
		m.colon = -1
	}
	if m.colon < 0 && !c.hasUser && isDotted(net.s) {
		m.at = -1 // example.com/bob@corp.example is a host, and a target
	}
	m.swallowed = m.at >= net.end()
	return m
}

// isUserBefore says whether a text before a “:” can be the user: it has no
// delimiter, or is a user with a domain of its own.
func isUserBefore(s string) bool {
	user, domain, at := strings.Cut(s, "@")
	return !strings.ContainsAny(user, "/#?&") && (!at || isDotted(domain))
}

// nameElsewhere says whether user= names the user and the authority is a host.
func (c *checker) nameElsewhere() bool {
	p := c.written("user")
	return p != nil && !c.hasUser && c.isPlainHost(c.netloc.s, false)
}

// hostFollows says whether a host stands behind an "@", as its neighbours go.
// Where the password is known already, what follows the host's colon need not be
// a port.
func (c *checker) hostFollows(at, limit int, known bool) bool {
	s := c.text[at+1 : limit]
	end := strings.IndexAny(s, "/?#@&,; \t\n")
	if end < 0 {
		end = len(s)
	}
	host, next := strip(s[:end]), s[end:]
	switch {
	case strings.HasPrefix(next, "@"):
		return false
	case isDotted(host), known && isDotted(withoutPort(host)):
		return true
	case next != "" && next[0] != '/' && next[0] != '?':
		return false
	}
	return looksLikeHost(host)
}

// edit puts an escape, or another sign, in the place of n bytes of the text.
type edit struct {
	at, n int
	text  string
}

// checkCredentials finds what stands in user and password and is a delimiter to
// Apprise. Each is a problem of its own with its own fix. With all of them made,
// the text reads as it was meant; the edits are given so that the checks of the
// other parts can go by that.
func (c *checker) checkCredentials() []edit {
	m := c.credentials()
	if m.at < 0 {
		return nil
	}
	var edits []edit
	colon, sep := m.colon, edit{at: -1}
	if colon < 0 {
		if e, ok := c.checkSeparator(m); ok {
			colon, sep = e.at, e
		}
	}
	run := m.at // where the "@" before the host begin
	for run > m.start && c.text[run-1] == '@' {
		run--
	}
	for i := m.start; i < m.at; i++ {
		if i == sep.at {
			edits = append(edits, sep)
			i += sep.n - 1
			continue
		}
		code, message := c.stray(m, i, colon, run)
		if code == "" {
			continue
		}
		esc := fmt.Sprintf("%%%02X", c.text[i])
		edits = append(edits, edit{i, 1, esc})
		if c.full(code) {
			continue
		}
		fix := replace("write "+esc, i, i+1, esc)
		if c.accepted() && !c.doubt && (i == colon+1 || i+1 >= run) {
			fix.Kind = FixOffered // at an edge it may be one too many: the login works without
		}
		if code == "user-at" && colon < 0 {
			fix.Kind = FixOffered // the “:” may be what is missing
		}
		c.add(code, i, i+1, message, fix)
	}
	return edits
}

// stray says which problem a byte of the user part is, if any.
func (c *checker) stray(m credentials, i, colon, run int) (code, message string) {
	inPassword := colon >= 0 && i > colon
	switch b := c.text[i]; b {
	case '@':
		switch {
		case inPassword && i >= run && !m.swallowed:
			return "password-at", "Apprise takes “@@” for one “@”, so this one is no part of the password."
		case inPassword:
			return "password-at", "This “@” belongs to the password, but Apprise ends the password here and " +
				"takes what follows for the host."
		case i < run:
			return "user-at", "This “@” ends the user, so Apprise takes what follows for the host. " +
				"A user with a domain of its own is written with %40."
		}
	case ':':
		if inPassword {
			return "password-colon", "This “:” belongs to the password, but Apprise cuts the password at it."
		}
	case '/', '#', '?':
		if m.swallowed {
			return "password-delimiter", fmt.Sprintf(
				"An unescaped “%c” before the “@” ends the host part, so Apprise never sees the “@” after it.", b)
		}
	case '[', ']':
		if m.swallowed || c.faults.has(badBrackets) {
			return "userinfo-bracket", fmt.Sprintf(
				"A “%c” before the “@” makes Apprise expect an IPv6 address as host and refuse the URL.", b)
		}
	}
	return "", ""
}

// checkSeparator finds another sign where the “:” between user and password
// belongs: one that looks like it, is encoded, or is a delimiter itself.
func (c *checker) checkSeparator(m credentials) (edit, bool) {
	if c.secretInUser || c.written("jid") != nil {
		return edit{}, false
	}
	part := c.text[m.start:m.at]
	at, after := c.separator(mapped{s: part})
	if i := strings.IndexAny(part, "/#?@"); i >= 0 && (at < 0 || i < at) && (m.swallowed || part[i] == '@') {
		at, after = i, i+1
	}
	if at <= 0 || after >= len(part) || isDotted(part[:at]) || part[at] == '@' && isDomain(part[after:]) {
		return edit{}, false
	}
	e := edit{m.start + at, after - at, ":"}
	fix := replace("write :", e.at, e.at+e.n, ":")
	c.add("password-separator", e.at, e.at+e.n, fmt.Sprintf("User and password are parted by a “:”. Apprise takes %s "+
		"for something else, and what follows is no password to it.", show(part[at:after])), fix)
	return e, true
}

// isDomain says whether a text, up to an "@", is the domain of a user that has
// one of its own.
func isDomain(s string) bool {
	s, _, _ = strings.Cut(s, "@")
	return s == "" || isDotted(s)
}

// checkBehind looks at the text as it was meant, with the edits made. What is
// wrong there would only come to light after them, so it is raised at once; and
// what is wrong with the text as Apprise cut it is not worth a word.
func (c *checker) checkBehind(edits []edit) {
	repaired := c.edited(edits)
	l := lex(repaired.s)
	r := resolve(&l)
	behind := &checker{resolved: r, text: repaired.s, raised: c.raised,
		marks: union(append(r.secrets(repaired.s), repaired.within(c.marks)...))}
	if more := behind.credentials(); more.at >= 0 && behind.misread() {
		return // the edits did not do: nothing sure can be said
	}
	c.meant = r
	behind.checkParts()
	for _, p := range behind.out {
		p.Start, p.End = repaired.pos(p.Start), repaired.pos(p.End)
		fixes := p.Fixes()
		p.Fix, p.Others = nil, nil
		for _, f := range fixes {
			start, end := repaired.pos(f.Start), repaired.pos(f.End)
			if c.hidden(start, end) && f.Text != "" && !isEscape(f.Text) {
				continue
			}
			p.offer(Fix{Label: f.Label, Start: start, End: end, Text: f.Text, Kind: f.Kind})
		}
		if p.Severity == Error {
			p.Message += " It comes to that once what stands before is escaped."
		}
		c.out = append(c.out, p)
	}
	c.raised = behind.raised
}

// misread says whether Apprise takes the authority for something else than it
// was meant for.
func (c *checker) misread() bool {
	m := c.credentials()
	return m.at >= 0 && (m.swallowed || c.doubt)
}

// edited is the text with the edits made, which are in order.
func (c *checker) edited(edits []edit) mapped {
	var b strings.Builder
	at := make([]int, 0, len(c.text)+2*len(edits)+1)
	from := 0
	keep := func(to int) {
		b.WriteString(c.text[from:to])
		for ; from < to; from++ {
			at = append(at, from)
		}
	}
	for _, e := range edits {
		keep(e.at)
		b.WriteString(e.text)
		for range len(e.text) {
			at = append(at, e.at)
		}
		from = e.at + e.n
	}
	keep(len(c.text))
	return mapped{s: b.String(), at: append(at, len(c.text))}
}

func isEscape(s string) bool {
	return len(s) == 3 && s[0] == '%' && unhex(s[1]) >= 0 && unhex(s[2]) >= 0
}
