package document

import "strings"

// hasXMPP says whether "xmpp" stands in a text, in any case. It looks for the
// letter of which texts have the fewest.
func hasXMPP(s string) bool {
	for _, x := range []byte{'x', 'X'} {
		for rest := s; ; {
			i := strings.IndexByte(rest, x)
			if i < 0 {
				break
			}
			if rest = rest[i+1:]; len(rest) >= 3 && rest[0]|0x20 == 'm' && rest[1]|0x20 == 'p' && rest[2]|0x20 == 'p' {
				return true
			}
		}
	}
	return false
}

// maxHole bounds the length of a placeholder, so that brackets without an end
// cost no more than that each.
const maxHole = 1 << 10

// balanced is the length of the text from an opening bracket to the one that
// closes it, on one line; 0 when none does.
func balanced(s string, open, end byte) int {
	depth := 0
	for i := range min(len(s), maxHole) {
		switch s[i] {
		case open:
			depth++
		case end:
			if depth--; depth == 0 {
				return i + 1
			}
		case '\n':
			return 0
		}
	}
	return 0
}

// isName says whether a byte may be in the name of a variable.
func isName(c byte) bool { return isAlphanumeric(c) || c == '_' }

// nameLength is the length of the variable's name that a text begins with.
func nameLength(s string) int {
	if s == "" || s[0] >= '0' && s[0] <= '9' {
		return 0
	}
	n := 0
	for n < len(s) && isName(s[n]) {
		n++
	}
	return n
}
