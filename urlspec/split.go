package urlspec

import (
	"strings"
	"unicode/utf8"
)

// Part is one URL of a text that may hold several.
type Part struct {
	// Start and End are byte offsets into the text.
	Start, End int
	// Text is what stands there: the URL. It may hold a password.
	Text string
	// Left is what stands around the URL and is left out, with passwords hidden:
	// quotation marks, a list dash, "NAME=". It is empty when there is nothing
	// but white space.
	Left string
}

// maxGap and maxScheme are how many characters Apprise's pattern allows between
// two URLs, and in the scheme of the second.
const maxGap, maxScheme = 32, 32

// Split takes a text apart as Apprise's command line does before it reads any
// URL: it cuts where blanks, commas or semicolons stand before the next
// "scheme://", and drops what stands before the first one. What Apprise would
// keep, and nobody means, is left out too: the quotation mark that closes one
// before the URL, and what follows it. A text without any "scheme://" is one
// part.
//
//	urlspec.Split("xmpps://a:b@h.example/x, xmpps://c:d@i.example/y") // two parts
//
// [Parse] does not split: it reads a text as Apprise.instantiate() does.
func Split(text string) []Part {
	one := []Part{{End: len(text), Text: text}}
	body := stripRight(text)
	starts := schemes(body)
	cuts := make([]int, len(starts)) // where each URL would end
	for i, next := len(starts)-1, len(body); i >= 0; i-- {
		cuts[i] = next
		if gap := gapBefore(body, starts[i]); gap < starts[i] {
			next = gap
		}
	}
	var parts []Part
	lineEnd := -1 // the first line feed at or behind the last start
	for i, start := range starts {
		if len(parts) > 0 && start < parts[len(parts)-1].End {
			continue // inside the URL before
		}
		end := cuts[i]
		if lineEnd < start {
			lineEnd = len(body)
			if n := strings.IndexByte(body[start:], '\n'); n >= 0 {
				lineEnd = start + n
			}
		}
		if lineEnd < end {
			continue // Apprise's pattern does not go on behind a line feed
		}
		parts = append(parts, Part{Start: start, End: end, Text: body[start:end]})
	}
	if len(parts) == 0 {
		return one
	}
	secrets := Secrets(text)
	before := 0
	for i := range parts {
		end := parts[i].End
		parts[i].unwrap(text, secrets, before)
		before = end
	}
	if len(parts) == 1 && parts[0].Left == "" {
		return one
	}
	return parts
}

// schemes are the offsets at which a "scheme://" begins.
func schemes(s string) []int {
	var out []int
	for from := 0; ; {
		i := strings.Index(s[from:], "://")
		if i < 0 {
			return out
		}
		colon := from + i
		start := colon
		for start > from && isSchemeChar(s[start-1]) {
			start--
		}
		if start < colon {
			out = append(out, start)
		}
		from = colon + len("://")
	}
}

// gapBefore is where the blanks, commas and semicolons before a scheme begin;
// the scheme's own offset when there are none, or the scheme is too long.
func gapBefore(s string, scheme int) int {
	if colon := strings.Index(s[scheme:], "://"); colon > maxScheme {
		return scheme
	}
	at := scheme
	for range maxGap {
		r, n := utf8.DecodeLastRuneInString(s[:at])
		if n == 0 || r != ',' && r != ';' && !isSpace(r) {
			break
		}
		at -= n
	}
	return at
}

// closing gives each opening quotation mark or bracket the one that closes it.
var closing = map[rune]string{'"': `"`, '\'': `'`, '`': "`", '“': "”", '„': "“", '‘': "’", '‚': "‘",
	'«': "»", '‹': "›", '<': ">", '(': ")"}

// unwrap takes off what stands around the URL, and hides the secrets in it. before is
// where the text begins that belongs to it.
func (p *Part) unwrap(text string, secrets []Stretch, before int) {
	head := strings.Trim(strip(masked(text, secrets, before, p.Start)), ",;")
	tail := ""
	open, size := utf8.DecodeLastRuneInString(text[:p.Start])
	if end, quoted := closing[open]; quoted && p.Start-size >= before {
		if i := closes(p.Text, end); i >= 0 {
			tail = strip(masked(text, secrets, p.Start+i, p.End))
			p.Text, p.End = p.Text[:i], p.Start+i
		}
	}
	switch {
	case head == "" || tail == "":
		p.Left = head + tail
	default:
		p.Left = head + " … " + tail
	}
}

// closes finds a closing mark behind which the text ends or something else
// begins, -1 when there is none.
func closes(s, mark string) int {
	for from := 0; ; {
		i := strings.Index(s[from:], mark)
		if i < 0 {
			return -1
		}
		i += from
		from = i + len(mark)
		if r, n := utf8.DecodeRuneInString(s[from:]); n == 0 || isSpace(r) || strings.ContainsRune(",;)]}>", r) {
			return i
		}
	}
}
