package document

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// yamlEscapes are the escapes of one letter in double quotes.
var yamlEscapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r",
	'e': "\x1b", ' ': " ", '"': "\"", '/': "/", '\\': "\\", 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// decodeYAMLDouble decodes what stands in double quotes.
func decodeYAMLDouble(b *builder, at int) bool {
	s := b.below.text
	if at >= len(s) || s[at] != '"' {
		return false
	}
	for at++; at < len(s); {
		switch c := s[at]; {
		case c == '"':
			return true
		case c == '\\' && at+1 < len(s):
			next, ok := yamlEscape(b, at)
			if !ok {
				return false
			}
			at = next
		default:
			at = copyOrFold(b, at)
		}
	}
	return false
}

// yamlEscape decodes the escape at an offset.
func yamlEscape(b *builder, at int) (next int, ok bool) {
	s := b.below.text
	c := s[at+1]
	if text, known := yamlEscapes[c]; known {
		b.put(text, at, at+2)
		return at + 2, true
	}
	if c == '\n' || c == '\r' { // the line goes on
		next = at + 1 + lineEnd(s[at+1:])
		for next < len(s) && (s[next] == ' ' || s[next] == '\t') {
			next++
		}
		return next, true
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
	if digits == 0 || at+2+digits > len(s) {
		return 0, false
	}
	n, err := strconv.ParseUint(s[at+2:at+2+digits], 16, 32)
	if err != nil || !utf8.ValidRune(rune(n)) {
		return 0, false
	}
	b.put(string(rune(n)), at, at+2+digits)
	return at + 2 + digits, true
}

// decodeYAMLSingle decodes what stands in single quotes.
func decodeYAMLSingle(b *builder, at int) bool {
	s := b.below.text
	if at >= len(s) || s[at] != '\'' {
		return false
	}
	for at++; at < len(s); {
		switch {
		case strings.HasPrefix(s[at:], "''"):
			b.put("'", at, at+2)
			at += 2
		case s[at] == '\'':
			return true
		default:
			at = copyOrFold(b, at)
		}
	}
	return false
}

// lineEnd is the length of the line end that a text begins with, or 0.
func lineEnd(s string) int {
	switch {
	case strings.HasPrefix(s, "\r\n"):
		return 2
	case s != "" && (s[0] == '\n' || s[0] == '\r'):
		return 1
	}
	return 0
}

// lineBreak measures white space with line ends in it: where it ends, and how
// many line ends it has. It has none where the line goes on.
func lineBreak(s string, at int) (end, lines int) {
	for end = at; end < len(s); {
		switch n := lineEnd(s[end:]); {
		case n > 0:
			lines++
			end += n
		case s[end] == ' ' || s[end] == '\t':
			end++
		default:
			return end, lines
		}
	}
	return end, lines
}

// copyOrFold copies a character, or folds a line break into a blank.
func copyOrFold(b *builder, at int) int {
	s := b.below.text
	switch s[at] {
	case ' ', '\t', '\r', '\n':
		end, lines := lineBreak(s, at)
		switch {
		case lines == 0:
			b.copy(at, end)
		case lines == 1:
			b.put(" ", at, end)
		default:
			b.put(strings.Repeat("\n", lines-1), at, end)
		}
		return end
	}
	_, size := utf8.DecodeRuneInString(s[at:])
	b.copy(at, at+size)
	return at + size
}

// alignPlain finds a plain scalar, whose value is known, in the file.
func alignPlain(b *builder, at int, value string) bool {
	s := b.below.text
	for b.text.Len() < len(value) && at < len(s) {
		if i := strings.IndexAny(s[at:], " \t\r\n"); i != 0 {
			end := len(s)
			if i > 0 {
				end = at + i
			}
			end = min(end, at+len(value)-b.text.Len())
			b.copy(at, end)
			at = end
			continue
		}
		at = copyOrFold(b, at)
	}
	return true
}

// alignBlock finds a literal or folded scalar, whose value is known, in the
// file.
func alignBlock(b *builder, at int, value string, folded bool) bool {
	s := b.below.text
	i := strings.IndexByte(s[at:], '\n')
	if i < 0 {
		return false
	}
	at += i + 1
	indent := blockIndent(s[at:], value)
	done := 0 // of the value
	for done < len(value) {
		for n := 0; n < indent && at < len(s) && s[at] == ' '; n++ {
			at++
		}
		end := at + len(s[at:])
		if i := strings.IndexByte(s[at:], '\n'); i >= 0 {
			end = at + i
		}
		lineText := strings.TrimSuffix(s[at:end], "\r")
		if !strings.HasPrefix(value[done:], lineText) {
			return false
		}
		b.copy(at, at+len(lineText))
		done += len(lineText)
		next := min(end+1, len(s))
		if done < len(value) {
			switch c := value[done]; {
			case c == '\n':
				b.put("\n", at+len(lineText), next)
				done++
			case c == ' ' && folded:
				b.put(" ", at+len(lineText), next)
				done++
			case folded && lineText == "":
			default:
				return false
			}
		}
		if at >= len(s) {
			return done == len(value)
		}
		at = next
	}
	return true
}

// blockIndent is how far a block is indented: its first line that is not
// empty, less what the value itself begins with.
func blockIndent(s, value string) int {
	lead := func(s string) int {
		for s != "" {
			line, rest, _ := strings.Cut(s, "\n")
			if body := strings.TrimLeft(line, " "); strings.TrimSpace(body) != "" {
				return len(line) - len(body)
			}
			s = rest
		}
		return 0
	}
	return max(lead(s)-lead(value), 0)
}
