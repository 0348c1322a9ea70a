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
			if n = percentHole(s[i:], printf); n == 0 && strings.HasPrefix(s[i:], "%{") {
				n = oneMore(balanced(s[i+1:], '{', '}'))
			}
		case '<':
			n = max(pairHole(s[i:], "<%", "%>"), pairHole(s[i:], "<?", "?>"))
		case '[':
			n = pairHole(s[i:], "[[", "]]")
		case '\\':
			if strings.HasPrefix(s[i:], `\(`) {
				n = oneMore(balanced(s[i+1:], '(', ')'))
			}
		case '@':
			n = atHole(s, i)
		case '#':
			if strings.HasPrefix(s[i:], "#{") {
				n = oneMore(balanced(s[i+1:], '{', '}'))
			}
		case '(':
			n = pairHole(s[i:], "((", "))")
		}
		if n > 0 && !holdsURL(s[i:i+n]) {
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
		return oneMore(variableLength(s[1:], d))
	}
	return 0
}

// variableLength is the length of a variable's name, with what belongs to it:
// $env:PW of PowerShell, $a[b] and $a->b of PHP.
func variableLength(s string, d dollar) int {
	n := nameLength(s)
	if n == 0 || d != nameDollar {
		return n
	}
	switch rest := s[n:]; {
	case strings.HasPrefix(rest, ":"):
		switch strings.ToLower(s[:n]) {
		case "env", "script", "global", "local", "private", "using":
			if m := nameLength(rest[1:]); m > 0 {
				return n + 1 + m
			}
		}
	case strings.HasPrefix(rest, "["):
		return n + balanced(rest, '[', ']')
	case strings.HasPrefix(rest, "->"):
		if m := nameLength(rest[2:]); m > 0 {
			return n + 2 + m
		}
	}
	return n
}

// holdsURL says whether an XMPP URL stands in a text, which then is no
// placeholder in one.
func holdsURL(s string) bool {
	if !hasXMPP(s) {
		return false
	}
	s = strings.ToLower(s)
	return strings.Contains(s, "xmpps:") || strings.Contains(s, "xmpp:")
}

// atHole is @NAME@ of autoconf, CMake and Maven, where it is the whole of a
// part of a URL.
func atHole(s string, at int) int {
	n := atName(s[at:])
	if n == 0 || at > 0 && strings.IndexByte("/:=,;&?@", s[at-1]) < 0 ||
		at+n < len(s) && strings.IndexByte("/:=,;&?#@'\"` \t\r\n", s[at+n]) < 0 {
		return 0
	}
	return n
}

// atName is the length of the @NAME@ that a text begins with, or 0.
func atName(s string) int {
	i := strings.IndexByte(s[1:min(len(s), 80)], '@')
	if i <= 0 || s[1] >= '0' && s[1] <= '9' {
		return 0
	}
	for _, c := range []byte(s[1 : 1+i]) {
		if !isName(c) && c != '.' && c != '-' {
			return 0
		}
	}
	return i + 2
}

// braceHole is {{ … }}, {% … %} or {name}, which may be empty.
func braceHole(s string) int {
	for _, pair := range [][2]string{{"{{", "}}"}, {"{%", "%}"}} {
		if n := pairHole(s, pair[0], pair[1]); n > 0 {
			return n
		}
	}
	return balanced(s, '{', '}')
}

// percentHole is %(name)s, and in a format also %s, %-5s or %05d.
func percentHole(s string, printf bool) int {
	if strings.HasPrefix(s, "%(") {
		if n := balanced(s[1:], '(', ')'); n > 0 && n+1 < len(s) {
			if m := verbLength(s[1+n:]); m > 0 {
				return 1 + n + m
			}
		}
	}
	if !printf || isEscape(s) && s[1] > '1' { // an escape of what is no control
		return 0
	}
	if n := verbLength(s[1:]); n > 0 {
		return 1 + n
	}
	return 0
}

// verbLength is the length of what a format has behind "%": flags, a width, a
// precision, the size of a number, and a letter.
func verbLength(s string) int {
	n := 0
	skip := func(bytes string) {
		for n < len(s) && strings.IndexByte(bytes, s[n]) >= 0 {
			n++
		}
	}
	skip("-+#0' ")
	skip("123456789*$0")
	if n < len(s) && s[n] == '.' {
		n++
		skip("0123456789*")
	}
	skip("hlLzjt")
	if n < len(s) && strings.IndexByte("sdiuvqrcxXofgeTp@aA", s[n]) >= 0 {
		return n + 1
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
