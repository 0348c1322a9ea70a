package urlspec

import (
	"slices"
	"strings"
)

// Match is an XMPP URL inside a larger text.
type Match struct {
	// Start and End are byte offsets into the text.
	Start, End int
	// URL is text[Start:End]. It may hold a password.
	URL string
}

// Find returns every xmpp:// and xmpps:// URL of a text, in order: of an
// Apprise configuration (TEXT or YAML), a docker-compose or .env file, a shell
// script, or prose. A URL ends with the quotation marks around it, else at
// white space; punctuation that belongs to the text around it is left out.
func Find(text string) []Match {
	var out []Match
	for from := 0; from < len(text); {
		to := len(text)
		if i := strings.IndexAny(text[from:], "\r\n"); i >= 0 {
			to = from + i
		}
		l := line{text: text[from:to], offset: from}
		out = l.find(out)
		from = to + 1
	}
	return out
}

// line is one line of a text, walked once.
type line struct {
	text   string
	offset int
	at     int  // how far the quotation marks are read
	open   byte // the one that is open there, or 0
	closed int  // where it closes, once looked up; len(text) when nowhere
	word   int  // where the word ends that was looked at last
}

// find adds the URLs of the line to out.
func (l *line) find(out []Match) []Match {
	for from := 0; ; {
		i := indexFold(l.text[from:], "xmpp")
		if i < 0 {
			return out
		}
		start := from + i
		from = start + len("xmpp")
		rest := l.text[from:]
		if len(rest) > 0 && (rest[0] == 's' || rest[0] == 'S') {
			rest = rest[1:]
		}
		if !strings.HasPrefix(rest, "://") || start > 0 && continuesWord(l.text[start-1]) {
			continue
		}
		l.readQuotes(start)
		from = l.end(start)
		out = append(out, Match{Start: l.offset + start, End: l.offset + from, URL: l.text[start:from]})
	}
}

// readQuotes brings open up to an offset. An apostrophe after a letter opens
// nothing.
func (l *line) readQuotes(to int) {
	for ; l.at < to; l.at++ {
		switch c := l.text[l.at]; {
		case l.open == '"' && c == '\\':
			l.at++
		case c == l.open:
			l.open = 0
		case l.open == 0 && (c == '"' || c == '`' || c == '\'' && (l.at == 0 || !isSchemeChar(l.text[l.at-1]))):
			l.open, l.closed = c, 0
		}
	}
}

// end is where the URL that begins at start ends.
func (l *line) end(start int) int {
	if l.open != 0 {
		if l.closed < start {
			l.closed = len(l.text)
			if i := strings.IndexByte(l.text[start:], l.open); i >= 0 {
				l.closed = start + i
			}
		}
		if l.closed < len(l.text) {
			return start + nextURL(l.text[start:l.closed])
		}
	}
	if l.word <= start {
		l.word = len(l.text)
		if i := strings.IndexFunc(l.text[start:], endsWord); i >= 0 {
			l.word = start + i
		}
	}
	return start + len(trimPunctuation(l.text[start:start+nextURL(l.text[start:l.word])]))
}

// indexFold finds an ASCII word in any case.
func indexFold(s, word string) int {
	for i := 0; i+len(word) <= len(s); i++ {
		if s[i]|0x20 == word[0] && strings.EqualFold(s[i:i+len(word)], word) {
			return i
		}
	}
	return -1
}

// continuesWord says whether a byte before "xmpp" makes it the end of another
// word, another scheme or a path.
func continuesWord(c byte) bool {
	return isSchemeChar(c) || c == '+' || c == '.' || c == '-' || c == '_' || c == '/'
}

// nextURL is the length of s up to another URL in a list, as Apprise's own
// parse_urls splits one: at commas and white space before a scheme.
func nextURL(s string) int {
	for from := 1; from < len(s); {
		i := strings.Index(s[from:], "://")
		if i < 0 {
			break
		}
		scheme := from + i
		from = scheme + 1
		for scheme > 0 && isSchemeChar(s[scheme-1]) {
			scheme--
		}
		end := len(strings.TrimRight(s[:scheme], ", \t"))
		if end < scheme && end > 0 {
			return end
		}
	}
	return len(s)
}

// trimPunctuation takes off what belongs to the text around a bare URL: the
// colon of a YAML key, commas, and brackets that were opened before it.
func trimPunctuation(s string) string {
	unopened := map[byte]int{} // how many more a bracket is closed than opened
	for s != "" {
		last := s[len(s)-1]
		switch opener := map[byte]string{')': "(", ']': "[", '}': "{"}[last]; {
		case last == ',', last == ';', last == ':', last == '|':
		case opener != "":
			if _, counted := unopened[last]; !counted {
				unopened[last] = strings.Count(s, string(last)) - strings.Count(s, opener)
			}
			if unopened[last] <= 0 {
				return s
			}
			unopened[last]--
		default:
			return s
		}
		s = s[:len(s)-1]
	}
	return s
}

// Extract takes the URL out of what was pasted: quotation marks, a shell
// command, a line of a YAML or .env file, or an XMPP link (RFC 5122). left is
// what it left out, with passwords hidden, or "" when there was nothing but
// white space and quotation marks. Without a URL in it the text itself comes
// back and found is false.
func Extract(text string) (url, left string, found bool) {
	body := strip(text)
	m, found := firstURL(text)
	switch {
	case !found:
		return body, "", false
	case strings.HasPrefix(body, m.URL) && strings.IndexFunc(body, endsWord) < 0:
		return body, "", true // one word that begins with a scheme is the URL
	}
	whole := spanned(text)
	if rest := stripRight(text[m.Start:]); m.bares(rest) {
		m.End, m.URL = m.Start+len(rest), rest
	}
	before := strings.Trim(strip(whole.RedactedPart(0, m.Start)), "\"'`<")
	after := strings.Trim(strip(whole.RedactedPart(m.End, len(text))), "\"'`>")
	switch before, after = strip(before), strip(after); {
	case before == "":
		left = after
	case after == "":
		left = before
	default:
		left = before + " … " + after
	}
	return m.URL, left, true
}

// bares says whether a secret of the rest of the text would show in the URL alone,
// since a blank has cut off what tells that it is one.
func (m Match) bares(rest string) bool {
	if len(rest) == len(m.URL) || endsWord(rune(rest[len(m.URL)])) && rest[len(m.URL)] != ' ' {
		return false // a quotation mark ends the URL
	}
	own := Secrets(m.URL)
	return slices.ContainsFunc(Secrets(rest), func(s Stretch) bool {
		end := min(s.End, len(m.URL))
		return s.Start < end && !slices.ContainsFunc(own, func(o Stretch) bool { return o.Start <= s.Start && end <= o.End })
	})
}

// firstURL finds the first URL, or else the first XMPP link, of a text.
func firstURL(text string) (Match, bool) {
	if all := Find(text); len(all) > 0 {
		return all[0], true
	}
	for from := 0; ; {
		i := indexFold(text[from:], "xmpp:")
		if i < 0 {
			return Match{}, false
		}
		start := from + i
		from = start + len("xmpp:")
		if start > 0 && continuesWord(text[start-1]) {
			continue
		}
		end := len(text)
		if i := strings.IndexFunc(text[start:], endsWord); i >= 0 {
			end = start + i
		}
		if link := trimPunctuation(text[start:end]); strings.Contains(link, "@") {
			return Match{Start: start, End: start + len(link), URL: link}, true
		}
	}
}
