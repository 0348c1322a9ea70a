package urlspec

import "strings"

// Completion is a way to go on at the cursor: replace the bytes Start to End
// by Text.
type Completion struct {
	Start, End int
	Text       string
	// Label is what a list shows: a parameter's name, or a value.
	Label string
	// Help says in one sentence what it is for.
	Help string
}

// maxCompletions bounds the list, which time zones would make long.
const maxCompletions = 24

// Complete offers schemes, parameter names and parameter values for the word
// at the cursor, a byte offset. Names that are in the URL already and those
// that do nothing for XMPP are left out.
func Complete(text string, cursor int) []Completion {
	if cursor < 0 || cursor > len(text) {
		return nil
	}
	l := lex(text)
	switch {
	case l.faults.has(notURL):
		return completeScheme(text, cursor)
	case !l.hasQuery || cursor <= l.mark:
		return nil
	}
	from := l.mark + 1
	if i := strings.LastIndexAny(text[from:cursor], "&;"); i >= 0 {
		from += i + 1
	}
	to := len(text)
	if i := strings.IndexAny(text[cursor:], "&;"); i >= 0 {
		to = cursor + i
	}
	if i := strings.IndexByte(text[from:cursor], '='); i >= 0 {
		return completeValue(paramName(text[from:from+i]), text[from+i+1:cursor], from+i+1, to)
	}
	return l.completeName(text, from, cursor, to)
}

func completeScheme(text string, cursor int) []Completion {
	start := leadingSpace(text)
	if cursor < start || strip(text[cursor:]) != "" {
		return nil
	}
	var out []Completion
	for _, c := range [...]Completion{
		{Text: "xmpps://", Help: "Encrypted: STARTTLS on port 5222, or TLS with mode=tls."},
		{Text: "xmpp://", Help: "Not encrypted, unless mode= says otherwise."},
	} {
		if hasPrefixFold(c.Text, text[start:cursor]) {
			c.Start, c.End, c.Label = start, cursor, c.Text
			out = append(out, c)
		}
	}
	return out
}

func (l *lexed) completeName(text string, from, cursor, to int) []Completion {
	typed := text[from:cursor]
	end, equals := to, "="
	if i := strings.IndexByte(text[cursor:to], '='); i >= 0 {
		end, equals = cursor+i, ""
	}
	var out []Completion
	for _, p := range shown {
		if !p.Used || !hasPrefixFold(p.Name, typed) {
			continue
		}
		if written := l.written(p.Name); written != nil && written.NameStart != from {
			continue
		}
		out = append(out, Completion{Start: from, End: end, Text: p.Name + equals, Label: p.Name, Help: p.Help})
	}
	return out
}

func completeValue(name, typed string, from, to int) []Completion {
	p := parameter(name)
	if p == nil {
		return nil
	}
	values := p.Values
	if p.Kind == KindZone {
		if typed == "" {
			return nil
		}
		values = strings.Fields(zoneNames)
	}
	var out []Completion
	for _, v := range values {
		if len(out) == maxCompletions {
			break
		}
		if hasPrefixFold(v, typed) {
			out = append(out, Completion{Start: from, End: to, Text: quoteValue(v), Label: v, Help: p.Help})
		}
	}
	return out
}

func hasPrefixFold(s, prefix string) bool {
	return len(prefix) <= len(s) && strings.EqualFold(s[:len(prefix)], prefix)
}
