package urlspec

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The edits below change one thing of a URL as it stands, with as few bytes as
// possible. Their text never holds anything of the URL's own password. On a
// text that is no URL they are an edit that changes nothing.

// SetParam gives a parameter a value: it replaces the value of the occurrence
// that counts, or adds the parameter with "?" or "&" as needed.
func (s Spec) SetParam(name, value string) Fix {
	l := lex(s.Text)
	return l.setParam(s.Text, name, value)
}

// RemoveParam takes a parameter out. Should it be repeated with a password in
// between, only the occurrence that counts goes.
func (s Spec) RemoveParam(name string) Fix {
	l := lex(s.Text)
	return l.removeParam(s.Text, name)
}

// SetPort sets the port in the place that counts; 0 takes the port out.
func (s Spec) SetPort(port int) Fix {
	l := lex(s.Text)
	if l.faults.has(notURL) {
		return noEdit(s.Text)
	}
	if l.written("port") != nil {
		if port == 0 {
			return l.removeParam(s.Text, "port")
		}
		return l.setParam(s.Text, "port", strconv.Itoa(port))
	}
	return l.setPort(s.Text, port)
}

// SetPassword writes another password in the place of the one that counts, or where
// one belongs, escaped as it must be. The text of the edit is a secret.
func (s Spec) SetPassword(password string) Fix {
	l := lex(s.Text)
	r := resolve(&l)
	at := r.passwordOrigin()
	switch {
	case l.faults.has(notURL):
		return noEdit(s.Text)
	case at.Source == FromParam:
		return Fix{Label: "another password", Start: at.Start, End: at.End, Text: quote(quote(password))}
	case l.hasPass: // also an empty one
		return Fix{Label: "another password", Start: l.user.end() + 1, End: l.host.start() - 1, Text: quote(password)}
	case r.secretInUser:
		return Fix{Label: "another password", Start: l.user.start(), End: l.user.end(), Text: quote(password)}
	case l.hasUser:
		return Fix{Label: "a password", Start: l.user.end(), End: l.user.end(), Text: ":" + quote(password)}
	}
	return l.setParam(s.Text, "pass", quote(password))
}

// SetHost sets the host, which is the JID's domain unless the user part names
// another. An IPv6 address may come without brackets.
func (s Spec) SetHost(host string) Fix {
	l := lex(s.Text)
	if l.faults.has(notURL) {
		return noEdit(s.Text)
	}
	if strings.Contains(host, ":") {
		host = "[" + strings.ToLower(strings.Trim(host, "[]")) + "]"
	}
	return Fix{Label: "host " + inLabel(host), Start: l.host.start(), End: l.host.end(), Text: host}
}

// ReplaceTarget writes another JID in the place of Reading.Targets[i]; "#" in
// front makes it a room. An empty jid takes the target out. When the login JID
// is the target because there is no other, the new one is added.
func (s Spec) ReplaceTarget(i int, jid string) Fix {
	if i < 0 || i >= len(s.Reading.Targets) {
		return noEdit(s.Text)
	}
	t := s.Reading.Targets[i]
	switch {
	case t.Start == t.End:
		return s.AddTarget(jid)
	case jid == "":
		l := lex(s.Text)
		return l.removeTarget(s.Text, extent{t.Start, t.End}, t.Param)
	}
	end := t.End
	for !t.Param && end < len(s.Text) && s.Text[end] == '\\' {
		end++ // Apprise drops them behind a long name, and keeps them behind a short one
	}
	return Fix{Label: "target " + inLabel(jid), Start: t.Start, End: end, Text: quoteTarget(jid, t.Param)}
}

// AddTarget adds a target to the end of the path.
func (s Spec) AddTarget(jid string) Fix {
	l := lex(s.Text)
	if l.faults.has(notURL) || jid == "" {
		return noEdit(s.Text)
	}
	at := l.netloc.end()
	if l.path.s != "" {
		at = l.path.end()
	}
	text := quoteTarget(jid, false)
	if at == 0 || s.Text[at-1] != '/' || l.path.s == "" {
		text = "/" + text
	}
	return Fix{Label: "add " + inLabel(jid), Start: at, End: at, Text: text}
}

func noEdit(text string) Fix { return Fix{Start: len(text), End: len(text)} }

func (l *lexed) setParam(text, name, value string) Fix {
	if l.faults.has(notURL) {
		return noEdit(text)
	}
	f := Fix{Label: name + "=" + inLabel(value), Text: quoteValue(value)}
	if isSecretName(name) {
		f.Label = "set " + name
	}
	if p := l.written(name); p != nil {
		f.Start, f.End = p.ValueStart, p.ValueEnd
		if p.ValueEnd == p.NameEnd {
			f.Text = "=" + f.Text
		}
		return f
	}
	f.Text = quote(name) + "=" + f.Text
	switch {
	case l.query.s != "":
		f.Start = l.query.end()
		if last := text[f.Start-1]; last != '&' && last != ';' {
			f.Text = "&" + f.Text
		}
	case l.hasQuery:
		f.Start = l.mark + 1
	default:
		f.Start = len(stripRight(text))
		f.Text = "?" + f.Text
	}
	f.End = f.Start
	return f
}

func (l *lexed) removeParam(text, name string) Fix {
	last := l.place(name)
	if last < 0 {
		return noEdit(text)
	}
	first := last
	kept := ""
	for i := last - 1; i >= 0 && !l.params[i].secret(); i-- {
		if l.params[i].Name == name {
			first = i
		}
	}
	for i := first; i < last; i++ {
		if p := l.params[i]; p.Name != name {
			kept += text[p.NameStart:p.ValueEnd] + "&"
		}
	}
	if mayHoldSecret(kept) {
		first, kept = last, "" // a password may stand in between
	}
	f := Fix{Label: "remove " + name, Start: l.params[first].NameStart, End: l.params[last].ValueEnd,
		Text: strings.TrimSuffix(kept, "&")}
	switch {
	case kept != "":
	case last+1 < len(l.params):
		f.End = l.params[last+1].NameStart
	case first > 0:
		f.Start = l.params[first-1].ValueEnd
	default:
		f.Start = l.mark
	}
	return f
}

// mayHoldSecret says whether a password may stand in a piece of a query.
func mayHoldSecret(s string) bool {
	found := strings.Contains(s, "://") || len(targetSecret(nil, mapped{s: s})) > 0
	eachNamed(s, 0, func(int) { found = true })
	return found
}

func (l *lexed) setPort(text string, port int) Fix {
	f := Fix{Label: "port " + strconv.Itoa(port), Start: l.host.end(), End: l.host.end(), Text: ":" + strconv.Itoa(port)}
	if l.hasPort {
		f.End = l.port.end()
	}
	if port == 0 {
		f.Label, f.Text = "default port", ""
		return f
	}
	if strings.Contains(l.host.s, ":") {
		// Before a port Apprise takes an IPv6 address only in brackets and in
		// lower case, and none with a zone or with dots.
		host := "[" + strings.ToLower(strings.Trim(l.host.s, "[]")) + "]"
		if portColon(host+f.Text) < 0 {
			return l.setParam(text, "port", strconv.Itoa(port))
		}
		f.Start, f.Text = l.host.start(), host+f.Text
	}
	return f
}

// removeTarget takes a target out together with what parts it from the next.
func (l *lexed) removeTarget(text string, t extent, param bool) Fix {
	f := Fix{Label: "remove the target", Start: t.start, End: t.end}
	if !param {
		if f.Start > 0 && text[f.Start-1] == '/' && l.netloc.end() < f.Start {
			f.Start--
		}
		return f
	}
	p := l.written("to")
	if p == nil {
		return f
	}
	switch {
	case t.end < p.ValueEnd:
		for f.End < p.ValueEnd && strings.IndexByte(", []", text[f.End]) >= 0 {
			f.End++
		}
	case t.start > p.ValueStart:
		for f.Start > p.ValueStart && strings.IndexByte(", []", text[f.Start-1]) >= 0 {
			f.Start--
		}
	}
	return f
}

// inLabel is a text as the label of a fix has it: escaped where it holds what no
// terminal should get.
func inLabel(s string) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 {
		return s
	}
	return quoteValue(s)
}

// quoteValue writes a parameter's value so that decoding it once gives it back.
func quoteValue(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; unreserved(c) || strings.IndexByte("@:/,", c) >= 0 {
			b.WriteByte(c)
		} else {
			writeEscape(&b, c)
		}
	}
	return b.String()
}

// quoteTarget writes a target so that it survives Apprise's two decodings of a
// path segment, or the three of to=. In a path the slash before a resource is
// written %252F, which every version of Apprise reads alike.
func quoteTarget(jid string, param bool) string {
	var b strings.Builder
	for i := range len(jid) {
		switch c := jid[i]; {
		case unreserved(c), strings.IndexByte("@+:=!$*'()", c) >= 0:
			b.WriteByte(c)
		case c == '/' && param:
			b.WriteByte(c)
		case c == '/':
			b.WriteString("%252F")
		case c == '%' && param:
			b.WriteString("%252525")
		case c == '%':
			b.WriteString("%2525")
		default:
			writeEscape(&b, c)
		}
	}
	return b.String()
}

func writeEscape(b *strings.Builder, c byte) {
	b.WriteByte('%')
	b.WriteByte(hexDigits[c>>4])
	b.WriteByte(hexDigits[c&15])
}
