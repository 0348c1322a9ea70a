package urlspec

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxHost is the length of a host in characters that Apprise accepts.
const maxHost = 253

// hostname is Apprise's is_hostname: the host as Apprise keeps it (without one
// trailing dot, an IPv6 address in brackets), or false when it refuses it.
func hostname(s string) (string, bool) {
	if s == "" || utf8.RuneCountInString(s) > maxHost {
		return "", false
	}
	s = strings.TrimSuffix(s, ".")
	if strings.Count(s, ".") == 3 && strings.Trim(s, "0123456789.") == "" {
		return s, isIPv4(s)
	}
	for rest := s; ; {
		label, tail, more := strings.Cut(rest, ".")
		if !isLabel(label) {
			return bracketIPv6(s)
		}
		if !more {
			return s, true
		}
		rest = tail
	}
}

// isLabel is Apprise's rule for one label: a letter alone, or two to 63
// letters, digits, "_" and "-" that begin with a letter or digit and end with
// one. A digit alone is refused.
func isLabel(s string) bool {
	n := 0
	last := rune(0)
	for _, r := range s {
		letter, digit := isLetterFold(r), r >= '0' && r <= '9'
		if !letter && !digit && (n == 0 || r != '_' && r != '-') {
			return false
		}
		last = r
		n++
	}
	if n == 1 {
		return isLetterFold(last)
	}
	return n > 0 && n <= 63 && last != '_' && last != '-'
}

// isIPv4 is four numbers up to 255; Apprise takes leading zeros.
func isIPv4(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if part == "" || len(part) > 3 || len(part) == 3 && part > "255" {
			return false
		}
	}
	return true
}

// ipv6Pattern is the set of IPv6 notations Apprise takes, matched whole. In
// the alternatives H stands for a group of hexadecimal digits and D for a
// decimal octet. It is made when it is first needed.
var ipv6Pattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(?:` + strings.NewReplacer(
		"H", `[0-9a-f]{1,4}`,
		"D", `(?:25[0-5]|(?:2[0-4]|1?[0-9])?[0-9])`,
	).Replace(strings.Join([]string{
		`(?:H:){7}H`, `(?:H:){1,7}:`, `(?:H:){1,6}:H`, `(?:H:){1,5}(?::H){1,2}`,
		`(?:H:){1,4}(?::H){1,3}`, `(?:H:){1,3}(?::H){1,4}`, `(?:H:){1,2}(?::H){1,5}`,
		`H:(?::H){1,6}`, `:(?:(?::H){1,7}|:)`,
		`fe80:(?::[0-9a-f]{0,4}){0,4}%[0-9a-zıİ]+`,
		`::(?:ffff(?::0{1,4})?:)?(?:D\.){3}D`, `(?:H:){1,4}:(?:D\.){3}D`,
	}, "|")) + `)$`)
})

// bracketIPv6 gives an IPv6 address its brackets.
func bracketIPv6(s string) (string, bool) {
	inner, open := strings.CutPrefix(s, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	if open != closed || !strings.Contains(inner, ":") || !ipv6Pattern().MatchString(inner) {
		return "", false
	}
	return "[" + inner + "]", true
}

// bracketsAllowed is what CPython's urlsplit asks of the brackets in an
// authority: once there are any, even in the password, they must be a pair and
// the host must be an IPv6 address (_check_bracketed_netloc).
func bracketsAllowed(s string) bool {
	open, closed := strings.Contains(s, "["), strings.Contains(s, "]")
	if !open || !closed {
		return open == closed
	}
	host := s[strings.LastIndexByte(s, '@')+1:]
	before, inside, found := strings.Cut(host, "[")
	if !found {
		host, _, _ = strings.Cut(host, ":")
		return bracketedHostAllowed(host)
	}
	addr, after, _ := strings.Cut(inside, "]")
	if before != "" || after != "" && after[0] != ':' {
		return false
	}
	return bracketedHostAllowed(addr)
}

func bracketedHostAllowed(s string) bool {
	if rest, ok := strings.CutPrefix(s, "v"); ok {
		version, addr, dot := strings.Cut(rest, ".")
		return dot && addr != "" && version != "" && strings.Trim(version, "0123456789abcdefABCDEF") == ""
	}
	return isIPv6Address(s)
}

// isIPv6Address is Python's ipaddress.IPv6Address(s).
func isIPv6Address(s string) bool {
	s, scope, scoped := strings.Cut(s, "%")
	if scoped && (scope == "" || strings.Contains(scope, "%")) {
		return false
	}
	parts := strings.Split(s, ":")
	if len(parts) < 3 {
		return false
	}
	if tail := parts[len(parts)-1]; strings.Contains(tail, ".") {
		if !isStrictIPv4(tail) {
			return false
		}
		parts = append(parts[:len(parts)-1], "0", "0")
	}
	if len(parts) > 9 {
		return false
	}
	skip := -1
	for i := 1; i < len(parts)-1; i++ {
		if parts[i] == "" {
			if skip >= 0 {
				return false
			}
			skip = i
		}
	}
	first, last := parts[0] == "", parts[len(parts)-1] == ""
	if skip < 0 {
		if len(parts) != 8 || first || last {
			return false
		}
	} else {
		high, low := skip, len(parts)-skip-1
		if first {
			high--
		}
		if last {
			low--
		}
		if first && high > 0 || last && low > 0 || high+low > 7 {
			return false
		}
	}
	for _, p := range parts {
		if len(p) > 4 || strings.Trim(p, "0123456789abcdefABCDEF") != "" {
			return false
		}
	}
	return true
}

// isStrictIPv4 is Python's ipaddress.IPv4Address: no leading zeros.
func isStrictIPv4(s string) bool {
	if strings.Count(s, ".") != 3 || strings.Trim(s, "0123456789.") != "" || !isIPv4(s) {
		return false
	}
	for part := range strings.SplitSeq(s, ".") {
		if len(part) > 1 && part[0] == '0' {
			return false
		}
	}
	return true
}

// hidesDelimiter is urlsplit's _checknetloc: whether NFKC would bring a
// delimiter into an authority, as U+2100 becomes "a/c".
func hidesDelimiter(s string) bool {
	if isASCII(s) {
		return false
	}
	plain := strings.NewReplacer("@", "", ":", "", "#", "", "?", "").Replace(s)
	return strings.ContainsAny(norm.NFKC.String(plain), "/?#@:")
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Unbracket turns "[::1]", as a URL writes it, into "::1". Any other host stays
// as it is.
func Unbracket(host string) string {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		if inner, ok := strings.CutSuffix(inner, "]"); ok {
			return inner
		}
	}
	return host
}

// Loopback reports whether host is this machine itself, by address or by the
// name that RFC 6761 6.3 reserves.
func Loopback(host string) bool {
	host = Unbracket(host)
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().IsLoopback()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// JoinHostPort writes a host as Apprise keeps it, an IPv6 address in brackets,
// with a port. Of a host that is masked the port does not show either.
func JoinHostPort(host string, port int) string {
	if host == Mask {
		return Mask
	}
	return host + ":" + strconv.Itoa(port)
}
