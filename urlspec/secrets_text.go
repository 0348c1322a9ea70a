package urlspec

import (
	"strings"
	"unicode/utf8"
)

// This file finds passwords in text that is no URL to Apprise, or holds further
// ones: a URL without its scheme or in another form, a list, a line of a
// configuration file, a command.

// namedSecrets marks what follows "pass=", "token:" and the like behind the
// authority, up to the next delimiter of its place.
func (r *resolved) namedSecrets(marks []extent, text string) []extent {
	from := r.netloc.start()
	if last := strings.LastIndexByte(r.netloc.s, '@'); last >= 0 {
		from = r.netloc.pos(last + 1)
	}
	query := len(text)
	if r.hasQuery {
		query = r.mark
	}
	lost := query // from here on to the query Apprise reads nothing
	for _, m := range [...]mapped{r.cut, r.fragment} {
		if m.s != "" {
			lost = min(lost, m.start())
		}
	}
	done := 0 // what stands before is marked, up to the end of its value
	eachNamed(text, from, func(value int) {
		if value < done {
			return
		}
		ends, to := "&;", len(text)
		switch {
		case value < lost:
			ends, to = "/?#&;", lost
		case value < query:
			to = query
		}
		if i := strings.IndexAny(text[value:to], ends); i >= 0 {
			to = value + i
		}
		marks, done = append(marks, extent{value, to}), to
	})
	return marks
}

// nestedSecrets marks the passwords of further URLs in the text, such as those
// of a list or a configuration file.
func nestedSecrets(marks []extent, text string, from int) []extent {
	before := from
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
		word := text[from:limit]
		if i := strings.IndexFunc(word, endsWord); i >= 0 {
			word = word[:i]
		}
		colon := strings.IndexByte(word, ':')
		if colon >= 0 && strings.IndexByte(word[colon:], '@') > 0 || endsInScheme(text[before:from-len("://")]) {
			marks = asURL(marks, word, from)
		}
	}
}

// otherServices marks what follows another scheme, since the tokens of most of
// Apprise's services stand where other URLs have a host and a path.
func otherServices(marks []extent, text string, from int) []extent {
	for {
		i := strings.Index(text[from:], "://")
		if i < 0 {
			return marks
		}
		start, name := from+i+len("://"), from+i
		for name > from && isSchemeChar(text[name-1]) {
			name--
		}
		scheme := lower(text[name : from+i])
		from = start
		if len(scheme) < len("sns") || len(scheme) > maxScheme || hasHost(scheme) || schemeMeant(scheme) != "" ||
			strings.HasSuffix("xmpps", scheme) || name > 0 && continuesWord(text[name-1]) {
			continue
		}
		rest := text[start:]
		if next := strings.Index(rest, "://"); next >= 0 {
			name := next
			for name > 0 && isSchemeChar(rest[name-1]) {
				name--
			}
			rest = rest[:next]
			if before := strings.TrimRight(rest[:name], ",; "); len(before) < name {
				rest = before // in a list; else the token may end in what looks like a scheme
			}
		}
		if end := strings.IndexFunc(rest, endsWord); end >= 0 {
			rest = rest[:end]
		}
		marks = append(marks, extent{start, start + len(rest)})
	}
}

// hasHost says whether a scheme's URLs have a host before anything else, so that
// what is a password in them is found as in others.
func hasHost(scheme string) bool {
	switch strings.TrimSuffix(scheme, "s") {
	case "http", "json", "xml", "form", "mailto", "file", "ftp", "w", "tcp", "udp", "unix", "jabber":
		return true
	}
	return false
}

// endsInScheme says whether a text ends in xmpp or xmpps, so that a URL follows
// which Apprise gives to its XMPP plugin.
func endsInScheme(s string) bool {
	for _, name := range [...]string{"xmpps", "xmpp"} {
		if len(s) >= len(name) && strings.EqualFold(s[len(s)-len(name):], name) {
			return true
		}
	}
	return false
}

// asURL marks what is secret in a text from an offset on, when a scheme is put
// before it: with less than a whole URL no more shows.
func asURL(marks []extent, rest string, offset int) []extent {
	const scheme = "xmpps://"
	offset -= len(scheme)
	for _, s := range Secrets(scheme + rest) {
		marks = append(marks, extent{offset + s.Start, offset + s.End})
	}
	return marks
}

// userinfo finds the password in a text that begins with an authority and may
// go on with anything.
func userinfo(s string) (extent, bool) {
	word, whole := s, s // up to a quotation mark, and with it
	if i := strings.IndexFunc(s, endsWord); i >= 0 {
		word = s[:i]
	}
	if i := strings.IndexFunc(s, isSpace); i >= 0 {
		whole = s[:i]
	}
	auth := word
	if i := strings.IndexAny(word, "/?#"); i >= 0 {
		auth = word[:i]
	}
	if last := lastSign(s, "@"); auth == "" || last >= len(word) && !strings.Contains(word, "@") {
		// A quote or a blank in the password, or before it.
		if sign, after := firstSign(s, ":&/?#"); sign >= 0 && last >= after && (sign > 0 || auth == "") {
			return extent{after, last}, true
		}
	}
	sign, after := firstSign(auth, ":&")
	if at := strings.IndexByte(auth, '@'); at >= 0 && (sign < 0 || at < sign) {
		if _, behind := strangeSign(mapped{s: auth[:at]}); behind >= 0 { // alice|secret@host
			return extent{behind, strings.LastIndexByte(auth, '@')}, true
		}
		// alice@secret@host, me@example.net:secret@host
		from := at + 1
		if sign > at && isDotted(auth[from:sign]) {
			from = after
		}
		for _, part := range [...]string{auth, word} {
			if last := strings.LastIndexByte(part, '@'); last > from {
				return extent{from, last}, last < len(auth) || from == after
			}
		}
		if from == after && after == len(word) { // me@example.net:"secret
			if last := strings.LastIndexByte(whole, '@'); last > from {
				whole = whole[:last]
			}
			return extent{after, len(whole)}, after < len(whole)
		}
		return extent{}, false
	}
	if sign < 0 {
		// alice/secret@host
		if at := strings.LastIndexByte(word, '@'); len(auth) < len(word) && at > len(auth) && !strings.Contains(auth, ".") {
			return extent{len(auth) + 1, at}, true
		}
		// example.com/alice:secret@host
		if _, behind := firstSign(word, ":"); behind >= 0 {
			if at := lastSign(word, "@"); at > behind {
				return extent{behind, at}, true
			}
		}
		return extent{}, false
	}
	for _, part := range [...]string{auth, word, s} {
		at := strings.LastIndexByte(part, '@')
		if at > sign && (len(part) > len(auth) || looksLikeHost(part[at+1:])) {
			return extent{after, max(after, at)}, true
		}
	}
	if after == len(auth) && lastSign(word, "@") > after { // alice:/sec%40ret
		return extent{after, len(word)}, true
	}
	if after == len(word) && after < len(whole) && !isHostPort(auth) { // alice:"secret
		return extent{after, len(whole)}, true
	}
	if tail := auth[after:]; strings.Trim(tail, "0123456789") == "" || isHostPort(auth) {
		return extent{}, false
	}
	return extent{after, len(word)}, true
}

func endsWord(r rune) bool {
	switch r {
	case '"', '\'', '`', '<', '>', '“', '”', '„', '«', '»', '‹', '›':
		return true
	}
	return isSpace(r)
}

// looseSecrets marks the passwords of a text that is no URL.
func looseSecrets(marks []extent, text string) []extent {
	marks = otherServices(nestedSecrets(marks, text, 0), text, 0)
	done := 0
	eachNamed(text, 0, func(value int) {
		if value >= done { // else it is marked already
			done = value + len(namedValue(text[value:]))
			marks = append(marks, extent{value, done})
		}
	})
	for _, m := range Find(text) {
		for _, s := range Secrets(m.URL) {
			marks = append(marks, extent{m.Start + s.Start, m.Start + s.End})
		}
	}
	first := true
	for from := 0; from < len(text); {
		to := len(text)
		if i := strings.IndexByte(text[from:], '\n'); i >= 0 {
			to = from + i
		}
		marks = looseLine(marks, text, from, to, first)
		first = first && strip(text[from:to]) == ""
		from = to + 1
	}
	return marks
}

// namedValue is the part of a text that may be the value of a password: up to
// what plainly begins something else.
func namedValue(s string) string {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\n':
			return s[:i]
		case c == '&', c == ';':
			piece := s[i+1:]
			if end := strings.IndexAny(piece, "&; \t\n"); end >= 0 {
				piece = piece[:end]
			}
			if piece == "" || strings.Contains(piece, "=") {
				return s[:i]
			}
		case c == ' ' || c == '\t':
			next := strings.TrimLeft(s[i:], " \t")
			word, _, _ := strings.Cut(next, " ")
			if strings.HasPrefix(next, "-") || strings.HasPrefix(next, "#") || strings.Contains(word, "://") ||
				strings.Contains(word, "=") {
				return s[:i]
			}
			i = len(s) - len(next) + len(word) - 1
		}
	}
	return s
}

// looseLine looks at one line of a text that is no URL. Only at the start of the
// text may a password be unfinished or hold white space.
func looseLine(marks []extent, text string, from, to int, first bool) []extent {
	start := from + schemeLike(text[from:to])
	marks = oldSyntax(marks, text[:to], start)
	if start > from || first {
		line := text[start:to]
		m, ok := looseStart(line, start > from, lastSign(line, "@"))
		if start > from || isCredentials(line) {
			marks = asURL(marks, strings.TrimRight(line, "\"'`>”’»› \r\t"), start)
		}
		if ok {
			return append(marks, extent{start + m.start, start + m.end})
		}
	}
	words, last := start, -1 // where blanks end what stands here, and the last "@" before
	for at := start; at < to; {
		r, n := utf8.DecodeRuneInString(text[at:to])
		if endsWord(r) {
			at += n
			continue
		}
		end := to
		if i := strings.IndexFunc(text[at:to], endsWord); i >= 0 {
			end = at + i
		}
		if m, ok := wordSecret(text[at:end]); ok {
			marks = append(marks, extent{at + m.start, at + m.end})
		} else if sign, after := firstSign(text[at:end], ":"); sign > 0 && !strings.HasPrefix(text[at+sign:], "://") {
			// alice:sec"ret@host
			if end >= words {
				rest, _, _ := strings.Cut(text[end:to], " ")
				words, last = end+len(rest)+1, end+lastSign(rest, "@")
			}
			if last >= end {
				marks = append(marks, extent{at + after, last})
			}
		}
		at = end
	}
	return marks
}

// isCredentials says whether a text is one word with an "@" and another one or a
// ":", which may be a URL without its scheme, and no path of a file.
func isCredentials(s string) bool {
	s = strip(s)
	if s == "" || strings.IndexByte("/.~", s[0]) >= 0 || strings.IndexFunc(s, endsWord) >= 0 ||
		strings.Contains(s, "://") {
		return false
	}
	at := strings.IndexByte(s, '@')
	return at > 0 && (strings.IndexByte(s, ':') >= 0 || strings.LastIndexByte(s, '@') > at)
}

// wordSecret finds what stands between ":" and "@" in a word. What follows a
// "://" is for nestedSecrets, up to the path.
func wordSecret(word string) (extent, bool) {
	from := 0
	if i := strings.Index(word, "://"); i >= 0 && i == strings.IndexByte(word, ':') {
		from = i + len("://")
		i = strings.IndexByte(word[from:], '/')
		if i < 0 {
			return extent{}, false
		}
		from += i
	}
	sign, after := firstSign(word[from:], ":")
	if sign < 0 {
		return extent{}, false
	}
	last := lastSign(word[from:], "@")
	return extent{from + after, from + max(after, last)}, last > sign
}

// schemeLike is the length of what a text begins with that was meant for a
// scheme: "xmpps :// ", "xmpps%3A%2F%2F", "mailto:".
func schemeLike(s string) int {
	start := 0
	for start < len(s) {
		r, n := utf8.DecodeRuneInString(s[start:])
		if !isSpace(r) && !isUnseen(r) && !strings.ContainsRune("\"'`<", r) {
			break
		}
		start += n
	}
	for _, name := range [...]string{"xmpps", "xmpp", "mailto"} {
		at := start + len(name)
		if len(s) <= at || !strings.EqualFold(s[start:at], name) {
			continue
		}
		at += leadingSpace(s[at:])
		seen, slashes := false, false
		for at < len(s) {
			n := signAt(s, at, `:/\`)
			if n == 0 {
				break
			}
			if slashes = slashes || s[at+n-1] == '/'; slashes && s[at] == ':' {
				break // the user is empty
			}
			seen = true
			at += n
			at += leadingSpace(s[at:])
		}
		if seen {
			return at
		}
	}
	return 0
}

// isLoginAndHost says whether a text is two words, the first of which has a
// password behind the “:”: "alice:secret example.com".
func isLoginAndHost(s string, after int) bool {
	words := strings.Fields(s)
	return len(words) == 2 && after < len(words[0]) && strings.IndexByte("0123456789/.", s[after]) < 0
}

// spacedSecret finds a password in a text with blanks around the sign before it:
// "alice: secret@host", "alice@host: secret". It is no URL, so that nothing is lost
// where it is "note: bob@host".
func spacedSecret(s string, sign, after, at int) (extent, bool) {
	jid := strings.IndexByte(s, '@')
	if sign < 0 && jid > 0 && at == jid { // alice@host, secret
		if i := strings.IndexAny(s[jid:], " \t,;="); i >= 0 {
			sign, after = jid+i, jid+i+1
		}
	}
	switch {
	case sign <= 0 || strings.Contains(s, "://"):
		return extent{}, false
	case at >= after:
		return extent{after, at}, len(strings.Fields(s[:sign])) == 1
	case jid > 0 && at == jid && jid < sign:
		return extent{after, len(s)}, len(strings.Fields(s[:sign])) == 1
	}
	return extent{}, false
}

// looseStart finds a password at the start of a text: behind the first colon, up
// to the last "@", or to the end while there is none. scheme says that the text
// stands behind a scheme, so that it is meant for a URL. at is where the last "@" is,
// less than 0 where there is none.
func looseStart(s string, scheme bool, at int) (extent, bool) {
	sign, after := firstSign(s, ":&|")
	word := len(s)
	if i := strings.IndexFunc(s[leadingSpace(s):], isSpace); i >= 0 {
		word = leadingSpace(s) + i
	}
	if i, behind := strangeSign(mapped{s: s[:word]}); scheme && i >= 0 && (sign < 0 || i < sign) {
		if lastSign(s[:word], "@") > i {
			sign, after = i, behind
		}
	}
	if !scheme && (sign < 0 || sign > word || after == word && word < len(s)) {
		return spacedSecret(s, sign, after, at)
	}
	switch {
	case sign < 0 || at >= 0 && at < sign:
		// alice/secret@host, alice@secret@host
		cut, behind := firstSign(s, "/#?@")
		if cut < 0 || at <= cut {
			return extent{}, false
		}
		return extent{behind, max(behind, at)}, scheme
	case strings.HasPrefix(s[sign:], "://"):
		return extent{}, false // for nestedSecrets
	case at >= 0:
		return extent{after, max(after, at)}, true
	case isHostPort(strip(s)), !scheme && strip(s[word:]) != "" && !isLoginAndHost(s, after):
		return extent{}, false
	}
	return extent{after, len(s)}, true
}
