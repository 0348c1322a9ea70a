package document

import "strings"

// hasLines says whether a URL goes over a line end of the file.
func (d *Document) hasLines(u *url) bool {
	return strings.Contains(d.root.text[u.view.place(u.start):max(u.view.place(u.start), u.view.placeEnd(u.end))], "\n")
}

// maxLine is how much of a line is looked at before and behind a URL. Nobody writes
// longer ones by hand.
const maxLine = 4 << 10

// mayGoOn says whether the URL of a file that could not be read as what it is
// may be more, or another one, than what stands on its line: there are escapes
// in it, its quotation mark has no end, or the next line is set in. So it may where the
// line is too long to be looked at.
func (d *Document) mayGoOn(u *url) bool {
	s := d.root.text
	start, end := u.view.place(u.start), u.view.placeEnd(u.end)
	first := max(0, start-maxLine)
	from := first + strings.LastIndexByte(s[first:start], '\n') + 1
	line, next, _ := strings.Cut(s[from:min(len(s), end+2*maxLine)], "\n")
	if from == first && first > 0 || len(line) > end-from+maxLine {
		return true
	}
	start, end = start-from, min(end-from, len(line))
	if strings.Contains(line[start:], `\`) {
		return true
	}
	if quote := openQuote(line[:start]); quote != 0 {
		i := strings.IndexByte(line[end:], quote)
		after := line[end+i+1:]
		return i < 0 || after != "" && (after[0] == quote || isName(after[0]))
	}
	next, _, _ = strings.Cut(next, "\n")
	body := strings.TrimLeft(next, " \t\r")
	if body == "" || strings.IndexByte("-#{", body[0]) >= 0 || strings.TrimSpace(line[end:]) != "" {
		return false
	}
	indent := len(line) - len(strings.TrimLeft(line, " \t"))
	isKey := strings.Contains(body, ": ") || strings.HasSuffix(strings.TrimSpace(body), ":")
	return len(next)-len(body) > indent && !isKey
}

// openQuote is the quotation mark that is open at the end of a text, or 0.
func openQuote(s string) byte {
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quote == '"':
			i++
		case quote == 0 && (c == '"' || c == '\'') && (i == 0 || !isName(s[i-1])):
			quote = c
		case c == quote:
			quote = 0
		}
	}
	return quote
}
