package urlspec

import (
	"strings"
	"unicode/utf8"
)

// This file finds every stretch of a text that may hold a password. It errs on
// the side of hiding: Apprise may read a host or a target where the person who
// typed meant the second half of a password.

// secrets lists the stretches in order, without overlap.
func (r *resolved) secrets(text string) []extent {
	marks := make([]extent, 0, 4)
	after := 0
	switch {
	case r.faults.has(notURL):
		marks = looseSecrets(marks, text)
	case !r.faults.has(otherScheme):
		after = r.sep.end()
		marks = r.authoritySecrets(marks, text)
	}
	marks = r.paramSecrets(marks)
	marks = nestedSecrets(marks, text, after)
	marks = assignedSecrets(marks, text)
	return union(marks)
}

// authoritySecrets marks the password of the URL itself: from the first ":" to
// the last "@" of the authority, whatever Apprise makes of it.
func (r *resolved) authoritySecrets(marks []extent, text string) []extent {
	net := r.netloc
	if r.secretInUser {
		marks = append(marks, extent{r.user.start(), r.user.end()})
	}
	colon := strings.IndexByte(net.s, ':')
	if last := strings.LastIndexByte(net.s, '@'); last >= 0 {
		if colon >= 0 && colon < last {
			marks = append(marks, extent{net.pos(colon + 1), net.pos(last)})
		}
		return marks
	}
	if colon < 0 || r.accepted() {
		return marks
	}
	// No "@" yet: the password is still being typed, or holds a "/", "#" or
	// "?" that ended the authority before the "@" came.
	start, end := net.pos(colon+1), r.parametersStart(len(text))
	if at := strings.LastIndexByte(text[start:end], '@'); at >= 0 {
		end = start + at
	} else if isHostPort(net.s) {
		return marks
	}
	return append(marks, extent{start, end})
}

// parametersStart is where the query begins, if it begins with a parameter
// that Apprise knows; otherwise the "?" may belong to a password.
func (r *resolved) parametersStart(end int) int {
	if len(r.params) > 0 && r.params[0].Known && r.params[0].ValueStart > r.params[0].NameEnd {
		return r.query.start() - 1
	}
	return end
}

// isHostPort says whether a text without "@" is plainly a host and a port, not
// a user and a password that is still being typed.
func isHostPort(s string) bool {
	if _, ok := hostname(s); ok {
		return true // an IPv6 address without brackets
	}
	if strings.HasPrefix(s, "[") && strings.Trim(s[1:], "0123456789abcdefABCDEF:.") == "" {
		return true // an address in brackets, not yet closed
	}
	i := portColon(s)
	if i < 0 {
		return false
	}
	host, port := s[:i], s[i+1:]
	if host != "localhost" && !strings.ContainsAny(host, ".[") {
		return false
	}
	switch port {
	case "", "80", "443", "5222", "5223", "5269", "5270", "5280", "5281":
		_, ok := hostname(host)
		return ok
	}
	return false
}

// paramSecrets marks the values of pass= and password=, of names that may be
// meant for them, and of what an unescaped "&" or ";" split off such a value.
func (r *resolved) paramSecrets(marks []extent) []extent {
	inPassword := false
	for _, p := range r.params {
		bare := p.ValueStart == p.NameEnd && p.ValueEnd == p.NameEnd
		switch {
		case p.secret():
			marks = append(marks, extent{p.ValueStart, p.ValueEnd})
			inPassword = true
		case inPassword && bare && !p.Known:
			marks = append(marks, extent{p.NameStart, p.NameEnd})
		default:
			inPassword = false
		}
	}
	return marks
}

// secret says whether the value is a password: by the table, or else by the
// name.
func (p Param) secret() bool {
	if p.row != nil {
		return p.row.Kind == KindPassword
	}
	return isSecretName(p.Name)
}

// isSecretName says whether a name is a way to write "password", as far as one
// can tell: "pass", "+pass", "passwd", "pw", "secret", "pa".
func isSecretName(name string) bool {
	name = strings.TrimLeft(name, "+-: ")
	for _, word := range secretWords {
		if strings.Contains(name, word) {
			return true
		}
	}
	if len(name) >= 2 && strings.HasPrefix("password", name) {
		return true
	}
	return len(name) < 16 && (editDistance(name, "password") <= 2 || editDistance(name, "pass") <= 1)
}

var secretWords = []string{"pass", "pwd", "pw", "secret", "token", "apikey", "kennwort", "passphrase"}

// nestedSecrets marks the passwords of further URLs in the text, such as those
// of a list or a configuration file.
func nestedSecrets(marks []extent, text string, from int) []extent {
	for {
		i := strings.Index(text[from:], "://")
		if i < 0 {
			return marks
		}
		from += i + len("://")
		limit := len(text)
		if next := strings.Index(text[from:], "://"); next >= 0 {
			limit = from + next
		}
		if line := strings.IndexByte(text[from:limit], '\n'); line >= 0 {
			limit = from + line
		}
		if m, ok := userinfo(text[from:limit]); ok {
			marks = append(marks, extent{from + m.start, from + m.end})
		}
	}
}

// userinfo finds the password in a text that begins with an authority and may
// go on with anything.
func userinfo(s string) (extent, bool) {
	word := s
	if i := strings.IndexFunc(s, endsWord); i >= 0 {
		word = s[:i]
	}
	auth := word
	if i := strings.IndexAny(word, "/?#"); i >= 0 {
		auth = word[:i]
	}
	colon := strings.IndexByte(auth, ':')
	if colon < 0 {
		return extent{}, false
	}
	for _, part := range [...]string{auth, word, s} {
		if at := strings.LastIndexByte(part, '@'); at > colon {
			return extent{colon + 1, at}, true
		}
	}
	if tail := auth[colon+1:]; strings.Trim(tail, "0123456789") == "" || isHostPort(auth) {
		return extent{}, false
	}
	return extent{colon + 1, len(word)}, true
}

func endsWord(r rune) bool {
	switch r {
	case '"', '\'', '`', '<', '>':
		return true
	}
	return isSpace(r)
}

// looseSecrets marks user:password@host in a text without "://".
func looseSecrets(marks []extent, text string) []extent {
	first := true
	for from := 0; from < len(text); {
		r, n := utf8.DecodeRuneInString(text[from:])
		if endsWord(r) {
			from += n
			continue
		}
		to := len(text)
		if i := strings.IndexFunc(text[from:], endsWord); i >= 0 {
			to = from + i
		}
		if m := looseSecret(text, from, to, first); m.start < m.end {
			marks = append(marks, m)
		}
		first, from = false, to
	}
	return marks
}

// looseSecret looks at one word. Only in the first word of a text may the
// password be unfinished or hold white space.
func looseSecret(text string, from, to int, first bool) extent {
	word := text[from:to]
	for _, scheme := range [...]string{"xmpps:", "xmpp:", "mailto:"} {
		if len(word) >= len(scheme) && strings.EqualFold(word[:len(scheme)], scheme) {
			word = strings.TrimLeft(word[len(scheme):], `/\`)
			break
		}
	}
	from = to - len(word)
	colon := strings.IndexByte(word, ':')
	if colon < 0 || strings.HasPrefix(word[colon:], "://") {
		return extent{} // nothing, or for nestedSecrets
	}
	if at := strings.LastIndexByte(word, '@'); at > colon {
		return extent{from + colon + 1, from + at}
	}
	if !first || isHostPort(word) {
		return extent{}
	}
	line := text[to:]
	if i := strings.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	if at := strings.LastIndexByte(line, '@'); at >= 0 && colon+1 < len(word) {
		return extent{from + colon + 1, to + at}
	}
	if strip(line) == "" {
		return extent{from + colon + 1, to}
	}
	return extent{}
}

// assignedSecrets marks the value after "pass=", "password=" and the like,
// wherever in the text they stand.
func assignedSecrets(marks []extent, text string) []extent {
	for from := 0; ; {
		i := strings.IndexByte(text[from:], '=')
		if i < 0 {
			return marks
		}
		equals := from + i
		from = equals + 1
		start := equals
		for start > 0 && equals-start < 24 && isNameByte(text[start-1]) {
			start--
		}
		name := strings.ToLower(text[start:equals])
		if !strings.Contains(name, "pass") && !strings.Contains(name, "pwd") {
			continue
		}
		end := len(text)
		if i := strings.IndexFunc(text[from:], func(r rune) bool { return isSpace(r) || r == '&' || r == ';' }); i >= 0 {
			end = from + i
		}
		marks = append(marks, extent{from, end})
	}
}

func isNameByte(c byte) bool {
	return isSchemeChar(c) || c == '_' || c == '-' || c == '%'
}

// editDistance is the number of letters to add, drop or change (Levenshtein).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
