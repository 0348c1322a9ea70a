package document

import "strings"

// dollar is how "$" is read in a text.
type dollar int

// The readings of "$".
const (
	braceDollar   dollar = iota // ${name} and $(command) are placeholders, $name is text
	nameDollar                  // $name is a placeholder too
	composeDollar               // as docker compose has it: $name too, and $$ is a dollar
	noDollar                    // the dollars are read already
)

// holes finds the placeholders of a text: what another program will put a
// value in the place of before Apprise sees the URL.
func holes(s string, d dollar, printf bool) []span {
	var out []span
	for i := 0; i < len(s); {
		n := 0
		switch s[i] {
		case '$':
			n = dollarHole(s[i:], d)
		case '{':
			n = braceHole(s[i:])
		case '%':
			n = percentHole(s[i:], printf)
		case '<':
			n = pairHole(s[i:], "<%", "%>")
		case '#':
			if strings.HasPrefix(s[i:], "#{") {
				n = oneMore(balanced(s[i+1:], '{', '}'))
			}
		case '(':
			n = pairHole(s[i:], "((", "))")
		}
		if n > 0 {
			out = append(out, span{i, i + n})
			i += n
			continue
		}
		i++
	}
	return out
}

func oneMore(n int) int {
	if n == 0 {
		return 0
	}
	return n + 1
}

func dollarHole(s string, d dollar) int {
	switch {
	case strings.HasPrefix(s, "${{"):
		return pairHole(s, "${{", "}}")
	case d == noDollar || len(s) < 2:
		return 0
	case s[1] == '{':
		return oneMore(balanced(s[1:], '{', '}'))
	case s[1] == '(' && d != composeDollar:
		return oneMore(balanced(s[1:], '(', ')'))
	case d != braceDollar:
		return oneMore(nameLength(s[1:]))
	}
	return 0
}

// braceHole is {{ … }}, {% … %} or {name}, which may be empty.
func braceHole(s string) int {
	for _, pair := range [][2]string{{"{{", "}}"}, {"{%", "%}"}} {
		if n := pairHole(s, pair[0], pair[1]); n > 0 {
			return n
		}
	}
	n := balanced(s, '{', '}')
	if n == 0 || strings.ContainsAny(s[:n], ",\"'@/") || strings.TrimSpace(s[1:n-1]) != s[1:n-1] {
		return 0
	}
	return n
}

// percentHole is %(name)s or <%= … %>, and in a format also %s.
func percentHole(s string, printf bool) int {
	if strings.HasPrefix(s, "%(") {
		if n := balanced(s[1:], '(', ')'); n > 0 && n+1 < len(s) && isAlphanumeric(s[n+1]) {
			return n + 2
		}
	}
	if printf && len(s) > 1 && strings.IndexByte("sdvqr", s[1]) >= 0 {
		if s[1] != 'd' || len(s) < 3 || !isHex(s[2]) {
			return 2
		}
	}
	return 0
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

// pairHole is the length of what begins and ends with two marks, on one line.
func pairHole(s, open, end string) int {
	if !strings.HasPrefix(s, open) {
		return 0
	}
	line, _, _ := strings.Cut(s[len(open):min(len(s), maxHole)], "\n")
	i := strings.Index(line, end)
	if i < 0 {
		return 0
	}
	return len(open) + i + len(end)
}
