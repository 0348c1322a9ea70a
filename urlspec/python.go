package urlspec

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Apprise is a Python program, and several of its readings are simply what
// CPython's str, int and float do. This file holds those few rules; they differ
// from Go's nearest functions in the details that the comments name.

// isSpace is str.isspace for one character, which is also `\s` in Python's re.
// Unlike unicode.IsSpace it includes the separators U+001C to U+001F.
func isSpace(r rune) bool {
	if r < 0x80 {
		return isASCIISpace(byte(r))
	}
	switch {
	case r == 0x85, r == 0xA0, r == 0x1680, r >= 0x2000 && r <= 0x200A,
		r == 0x2028, r == 0x2029, r == 0x202F, r == 0x205F, r == 0x3000:
		return true
	}
	return false
}

func isASCIISpace(c byte) bool {
	return c == ' ' || c >= 0x09 && c <= 0x0D || c >= 0x1C && c <= 0x1F
}

func strip(s string) string {
	return stripRight(s[leadingSpace(s):])
}

// leadingSpace is the number of bytes of white space that s begins with.
func leadingSpace(s string) int {
	for i, r := range s {
		if !isSpace(r) {
			return i
		}
	}
	return len(s)
}

func stripRight(s string) string {
	for s != "" {
		r, n := utf8.DecodeLastRuneInString(s)
		if !isSpace(r) {
			break
		}
		s = s[:len(s)-n]
	}
	return s
}

// lower is str.lower. The one letter that matters and that Go maps otherwise
// is U+0130, which becomes two characters in Python and "i" in Go.
func lower(s string) string {
	if strings.ContainsRune(s, 'İ') {
		s = strings.ReplaceAll(s, "İ", "i\u0307")
	}
	return strings.ToLower(s)
}

// isLetterFold is [a-z] in a Python pattern with IGNORECASE: the ASCII letters
// and the four others that fold to one of them.
func isLetterFold(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' ||
		r == 'İ' || r == 'ı' || r == 'ſ' || r == '\u212A'
}

// maxIntDigits is CPython's limit on the digits int() takes from a string.
const maxIntDigits = 4300

// number is what int() returned.
type number struct {
	// value is the number, or math.MaxInt / math.MinInt when it is beyond.
	value int
	// big is the number in decimal when value had to be bounded.
	big string
}

// String is str(n).
func (n number) String() string {
	if n.big != "" {
		return n.big
	}
	return strconv.Itoa(n.value)
}

// parseInt is int(s): white space around it, a sign, single underscores
// between digits and any Unicode decimal digits are taken.
func parseInt(s string) (number, bool) {
	s, ok := plainDigits(s)
	if !ok {
		return number{}, false
	}
	neg := strings.HasPrefix(s, "-")
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	s, ok = dropUnderscores(s)
	if !ok || s == "" || len(s) > maxIntDigits || strings.Trim(s, "0123456789") != "" {
		return number{}, false
	}
	if s = strings.TrimLeft(s, "0"); s == "" {
		return number{}, true
	}
	n, err := strconv.Atoi(s)
	switch {
	case err != nil && neg:
		return number{value: math.MinInt, big: "-" + s}, true
	case err != nil:
		return number{value: math.MaxInt, big: s}, true
	case neg:
		return number{value: -n}, true
	}
	return number{value: n}, true
}

// parseFloat is float(s). Unlike strconv.ParseFloat it takes white space,
// underscores between digits and Unicode digits, and no hexadecimal.
func parseFloat(s string) (float64, bool) {
	s, ok := plainDigits(s)
	if !ok {
		return 0, false
	}
	if s, ok = dropUnderscores(s); !ok || s == "" {
		return 0, false
	}
	body := strings.TrimLeft(s, "+-")
	if len(s)-len(body) > 1 || body == "" {
		return 0, false
	}
	switch strings.ToLower(body) {
	case "nan":
		return math.NaN(), true
	case "inf", "infinity":
	default:
		if strings.Trim(body, "0123456789.eE+-") != "" {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

// plainDigits strips s and turns Unicode decimal digits into ASCII ones. For a
// text of ASCII alone CPython leaves U+001C to U+001F in place, where they make
// the number invalid.
func plainDigits(s string) (string, bool) {
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return strings.Trim(s, " \t\n\v\f\r"), true
	}
	var b strings.Builder
	for _, r := range strip(s) {
		if r >= utf8.RuneSelf {
			d, ok := decimalDigit(r)
			if !ok {
				return "", false
			}
			r = '0' + d
		}
		b.WriteRune(r)
	}
	return b.String(), true
}

// decimalDigit is unicodedata.decimal: the ranges of category Nd all start at
// a zero and hold whole sets of ten.
func decimalDigit(r rune) (rune, bool) {
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10, true
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10, true
		}
	}
	return 0, false
}

// dropUnderscores removes underscores that stand between two digits; any
// other underscore makes the number invalid.
func dropUnderscores(s string) (string, bool) {
	if !strings.Contains(s, "_") {
		return s, true
	}
	digit := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	for i := 0; i < len(s); i++ {
		if s[i] == '_' && !(digit(i-1) && digit(i+1)) {
			return "", false
		}
	}
	return strings.ReplaceAll(s, "_", ""), true
}

// floatText is repr(f): the shortest digits, always with a point or exponent.
func floatText(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	var room [32]byte
	if size := math.Abs(f); f != 0 && (size < 1e-4 || size >= 1e16) {
		return string(strconv.AppendFloat(room[:0], f, 'e', -1, 64))
	}
	s := strconv.AppendFloat(room[:0], f, 'f', -1, 64)
	if bytes.IndexByte(s, '.') < 0 {
		s = append(s, ".0"...)
	}
	return string(s)
}
