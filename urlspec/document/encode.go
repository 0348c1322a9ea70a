package document

import (
	"fmt"
	"strings"
)

// The functions of this file write plain text for one kind of place. They are
// not ok where there is no way to write it there.

// bareBytes mean themselves everywhere but where "%" does not, beside letters
// and digits.
const bareBytes = "%._~/:?&=@+-"

// encodeBare writes text where nothing can be escaped.
func encodeBare(s string) (string, bool) {
	for i := range len(s) {
		if c := s[i]; !isAlphanumeric(c) && strings.IndexByte(bareBytes, c) < 0 {
			return "", false
		}
	}
	return s, true
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// encodeLine writes text that ends with its line only.
func encodeLine(s string) (string, bool) { return s, !hasControls(s) }

func hasControls(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return r < ' ' || r == 0x7f || r == '\u0085' || r == '\u2028' || r == '\u2029'
	}) >= 0
}

// encodeDouble writes text between double quotes with escapes by backslash.
func encodeDouble(s string) (string, bool) {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), true
}

// encodeYAMLSingle writes text between single quotes that are doubled inside.
func encodeYAMLSingle(s string) (string, bool) {
	return strings.ReplaceAll(s, "'", "''"), !hasControls(s)
}

// doubling writes text where a byte is doubled to mean itself.
func doubling(c string) encoder {
	return func(s string) (string, bool) { return strings.ReplaceAll(s, c, c+c), true }
}

// without writes text that has none of some bytes, for places where those end
// it or mean something else.
func without(bytes string) encoder {
	return func(s string) (string, bool) { return s, !strings.ContainsAny(s, bytes) && !hasControls(s) }
}

// never is for places where nothing can be written.
func never(string) (string, bool) { return "", false }
