package urlspec

import (
	"slices"
	"strings"
)

// lexed is a text taken apart as Apprise takes it apart. It is filled as far
// as the text goes: faults says why Apprise refuses the whole, and the parts
// are those it would have seen otherwise, so that a half-typed URL has parts.
type lexed struct {
	faults fault

	scheme mapped // "xmpp" or "xmpps" as typed, or another scheme
	secure bool   // the scheme is xmpps
	sep    mapped // "://" and every slash and backslash after it

	netloc   mapped // the authority, stripped
	user     mapped // before the first "@", without the password
	hasUser  bool   // there is an "@"
	password mapped // between the first and the second run of ":"
	hasPass  bool   // there is a ":" before the "@"
	host     mapped // between the first and the second run of "@", without port
	port     mapped
	hasPort  bool

	path     mapped   // from the first "/" on, tidied
	targets  []mapped // the path's segments, empty ones left out
	cut      mapped   // ";…" after the last segment, with its ";"
	fragment mapped   // "#…", with its "#"

	hasQuery bool   // there is a "?"
	mark     int    // offset of the "?"
	query    mapped // after the first "?", stripped
	params   []Param
}

// fault is a set of reasons for which Apprise refuses a text.
type fault uint16

const (
	notURL      fault = 1 << iota // no scheme and "://" at the start
	otherScheme                   // a scheme that is not xmpp or xmpps
	brokenLine                    // a line feed inside
	emptyQuery                    // a "?" with nothing after it
	badBrackets                   // "[" and "]" in the authority, but not around its host
	hiddenSlash                   // a character that becomes a delimiter under NFKC
	badHost                       // the host rule
	badPort                       // not a number
	badUser                       // no user, or no JID
	badMode                       // mode= is no mode
	badZone                       // tz= is no time zone
)

func (f fault) has(any fault) bool { return f&any != 0 }

// lex takes text apart. The order is Apprise's: "/#" first, then the scheme,
// then the query at the first "?", then the rest as Python's urlparse sees it.
func lex(text string) lexed {
	var l lexed
	all := mapped{s: text}.escapeHashes()
	rest, ok := l.lexScheme(all)
	if !ok {
		return l
	}
	path := rest
	path, l.query, l.hasQuery = rest.cut('?')
	if l.hasQuery {
		l.mark = l.query.start() - 1
		if strings.TrimSuffix(l.query.s, "\n") == "" {
			l.faults |= emptyQuery
		}
		l.query = l.query.strip()
		l.params = lexParams(l.query)
	}
	l.lexPath(path.strip().without("\t\r\n"))
	return l
}

// lexScheme takes the scheme and the slashes off. It fails when there are none.
func (l *lexed) lexScheme(all mapped) (rest mapped, ok bool) {
	from := leadingSpace(all.s)
	to := from
	for to < len(all.s) && isSchemeChar(all.s[to]) {
		to++
	}
	if to == from || !strings.HasPrefix(all.s[to:], "://") {
		l.faults = notURL
		return mapped{}, false
	}
	l.scheme = all.slice(from, to)
	switch strings.ToLower(l.scheme.s) {
	case "xmpp":
	case "xmpps":
		l.secure = true
	default:
		l.faults = otherScheme
	}
	if i := strings.IndexByte(all.s[to:], '\n'); i >= 0 && to+i+1 < len(all.s) {
		l.faults |= brokenLine
	}
	after := to + 1
	for after < len(all.s) && (all.s[after] == '/' || all.s[after] == '\\') {
		after++
	}
	l.sep = all.slice(to, after)
	return all.slice(after, len(all.s)), true
}

func isSchemeChar(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// lexPath reads what stands between the slashes and the query, as urlparse
// reads it after "http://".
func (l *lexed) lexPath(m mapped) {
	end := strings.IndexAny(m.s, "/#")
	if end < 0 {
		end = len(m.s)
	}
	netloc, rest := m.slice(0, end), m.slice(end, len(m.s))
	if !bracketsAllowed(netloc.s) {
		l.faults |= badBrackets
	}
	if hidesDelimiter(netloc.s) {
		l.faults |= hiddenSlash
	}
	l.lexNetloc(netloc.strip())

	end = strings.IndexByte(rest.s, '#')
	if end < 0 {
		end = len(rest.s)
	}
	l.fragment = rest.slice(end, len(rest.s))
	rest = rest.slice(0, end)
	end = len(rest.s)
	if last := strings.LastIndexByte(rest.s, '/'); last >= 0 {
		if i := strings.IndexByte(rest.s[last:], ';'); i >= 0 {
			end = last + i
		}
	}
	l.cut = rest.slice(end, len(rest.s))
	l.path = rest.slice(0, end).tidy()

	if n := strings.Count(l.path.s, "/"); n > 0 {
		l.targets = make([]mapped, 0, n)
	}
	for rest := l.path; rest.s != ""; {
		var seg mapped
		seg, rest, _ = rest.cut('/')
		if seg.s != "" {
			l.targets = append(l.targets, seg)
		}
	}
}

// lexNetloc splits user part, password, host and port. Runs of "@" and of ":"
// count as one, and what follows a second run is dropped.
func (l *lexed) lexNetloc(m mapped) {
	l.netloc = m
	l.host = m
	if at := strings.IndexByte(m.s, '@'); at >= 0 {
		l.hasUser = true
		l.user = m.slice(0, at)
		l.host = firstRun(m.slice(at, len(m.s)), '@')
	}
	if colon := strings.IndexByte(l.user.s, ':'); colon >= 0 {
		l.hasPass = true
		l.password = firstRun(l.user.slice(colon, len(l.user.s)), ':')
		l.user = l.user.slice(0, colon)
	}
	if i := portColon(l.host.s); i >= 0 {
		l.hasPort = true
		l.port = l.host.slice(i+1, len(l.host.s))
		l.host = l.host.slice(0, i)
	}
}

// firstRun is what stands between the sep run that m begins with and the next.
func firstRun(m mapped, sep byte) mapped {
	from := 0
	for from < len(m.s) && m.s[from] == sep {
		from++
	}
	to := strings.IndexByte(m.s[from:], sep)
	if to < 0 {
		to = len(m.s) - from
	}
	return m.slice(from, from+to)
}

// portColon is the offset of the colon before the port, or -1. It stands after
// a bracketed lower-case address, or is the only one and not the first.
func portColon(s string) int {
	last := strings.LastIndexByte(s, ':')
	if last <= 0 {
		return -1
	}
	if s[0] == '[' && s[last-1] == ']' && last > 2 && strings.Trim(s[1:last-1], "0123456789abcdef:") == "" {
		return last
	}
	if strings.IndexByte(s, ':') == last {
		return last
	}
	return -1
}

// lexParams reads the query: "&" and ";" part the parameters, the first "="
// parts name and value, and the last of several equal names wins.
func lexParams(m mapped) []Param {
	if m.s == "" {
		return nil
	}
	n := 1 + strings.Count(m.s, "&") + strings.Count(m.s, ";")
	params := make([]Param, 0, n)
	for from := 0; from <= len(m.s); {
		to := len(m.s)
		if i := strings.IndexAny(m.s[from:], "&;"); i >= 0 {
			to = from + i
		}
		params = append(params, lexParam(m.slice(from, to)))
		from = to + 1
	}
	markWinners(params)
	return params
}

func lexParam(m mapped) Param {
	name, value, found := m.cut('=')
	p := Param{NameStart: name.start(), NameEnd: name.end(), ValueStart: name.end(), ValueEnd: name.end()}
	if found {
		p.ValueStart, p.ValueEnd = value.start(), value.end()
	}
	p.Name = paramName(name.s)
	p.Value = strip(unquote(value.s))
	p.row = parameter(p.Name)
	p.Known = p.row != nil
	return p
}

// paramName reads a name: its first character is kept as it is, "+" after it
// is a space.
func paramName(s string) string {
	if i := strings.IndexByte(s, '+'); i >= 0 && strings.LastIndexByte(s, '+') > 0 {
		s = s[:1] + strings.ReplaceAll(s[1:], "+", " ")
	}
	return strip(lower(unquote(s)))
}

// fewParams is up to how many parameters are compared with each other; more
// are looked up.
const fewParams = 16

// markWinners sets Wins on the last parameter of each name.
func markWinners(params []Param) {
	if len(params) <= fewParams {
		for i := range params {
			params[i].Wins = !slices.ContainsFunc(params[i+1:], func(p Param) bool { return p.Name == params[i].Name })
		}
		return
	}
	seen := make(map[string]bool, len(params))
	for i := len(params) - 1; i >= 0; i-- {
		params[i].Wins = !seen[params[i].Name]
		seen[params[i].Name] = true
	}
}

// place is where the occurrence of a parameter that counts stands among all of
// them, or -1.
func (l *lexed) place(name string) int {
	for i := len(l.params) - 1; i >= 0; i-- {
		if l.params[i].Name == name {
			return i
		}
	}
	return -1
}

// of is the occurrence of a row's parameter that counts, nil when there is none.
func (l *lexed) of(row *Parameter) *Param {
	for i := len(l.params) - 1; i >= 0; i-- {
		if l.params[i].row == row {
			return &l.params[i]
		}
	}
	return nil
}

// written is the occurrence of a parameter that counts, nil when there is none.
func (l *lexed) written(name string) *Param {
	if i := l.place(name); i >= 0 {
		return &l.params[i]
	}
	return nil
}
