package urlspec

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// toASCII writes an internationalised host name in ASCII (RFC 5890): every
// label that needs it becomes "xn--" and its Punycode. It fails where Apprise
// would not take the result.
func toASCII(host string) (string, bool) {
	labels := strings.Split(norm.NFKC.String(strings.ToLower(host)), ".")
	for i, label := range labels {
		if utf8.RuneCountInString(label) > maxLabel {
			return "", false
		}
		if strings.ContainsFunc(label, isNameless) {
			return "", false
		}
		if !isASCII(label) {
			labels[i] = "xn--" + punycode(label)
		}
	}
	ascii := strings.Join(labels, ".")
	return ascii, isHost(ascii)
}

// isNameless is true for what is in no host's name: what cannot be seen, and
// bytes that are no text.
func isNameless(r rune) bool { return isUnseen(r) || isSpace(r) || r == utf8.RuneError }

// The parameters of Punycode (RFC 3492, section 5).
const (
	punyBase  = 36
	punyTMin  = 1
	punyTMax  = 26
	punySkew  = 38
	punyDamp  = 700
	punyBias  = 72
	punyStart = 128
)

// maxLabel is the length of a label in the DNS (RFC 1035).
const maxLabel = 63

// punycode encodes one label (RFC 3492, section 6.3).
func punycode(label string) string {
	var out []byte
	for _, r := range label {
		if r < utf8.RuneSelf {
			out = append(out, byte(r))
		}
	}
	basic := len(out)
	done := basic
	if basic > 0 {
		out = append(out, '-')
	}
	total := utf8.RuneCountInString(label)
	next, delta, bias := rune(punyStart), 0, punyBias
	for done < total {
		least := rune(utf8.MaxRune)
		for _, r := range label {
			if r >= next && r < least {
				least = r
			}
		}
		delta += int(least-next) * (done + 1)
		next = least
		for _, r := range label {
			if r < next {
				delta++
			}
			if r != next {
				continue
			}
			q := delta
			for k := punyBase; ; k += punyBase {
				t := min(max(k-bias, punyTMin), punyTMax)
				if q < t {
					break
				}
				out = append(out, punyDigit(t+(q-t)%(punyBase-t)))
				q = (q - t) / (punyBase - t)
			}
			out = append(out, punyDigit(q))
			bias = punyAdapt(delta, done+1, done == basic)
			delta = 0
			done++
		}
		delta++
		next++
	}
	return string(out)
}

func punyDigit(d int) byte {
	if d < 26 {
		return byte('a' + d)
	}
	return byte('0' + d - 26)
}

func punyAdapt(delta, points int, first bool) int {
	if first {
		delta /= punyDamp
	} else {
		delta /= 2
	}
	delta += delta / points
	k := 0
	for delta > (punyBase-punyTMin)*punyTMax/2 {
		delta /= punyBase - punyTMin
		k += punyBase
	}
	return k + (punyBase-punyTMin+1)*delta/(delta+punySkew)
}
