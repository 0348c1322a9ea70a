package wire

import (
	"slices"
	"strconv"
	"strings"
)

// Bounds on lists that a server chooses.
const (
	maxList  = 64  // entries of a list
	maxToken = 100 // characters of an entry or condition
)

// Features is <stream:features/> (RFC 6120 4.3.2), as far as a login depends on
// it. Lists are in the server's
// order, without repetitions; their entries are safe to show.
type Features struct {
	STARTTLS bool
	// STARTTLSRequired is true also when STARTTLS is all that is offered (RFC
	// 6120 5.3.1).
	STARTTLSRequired bool
	// Mechanisms are those of SASL (RFC 6120 6.3.3).
	Mechanisms []string
	// Legacy is true when the login of XEP-0078 is offered.
	Legacy bool
	// SASL2 are the mechanisms of XEP-0388; nil when it is not offered.
	SASL2 []string
	// Upgrades are the SASL upgrade tasks of XEP-0480.
	Upgrades []string
	// Fast are the token mechanisms of XEP-0484.
	Fast []string
	// Bindings are the channel-binding types of XEP-0440; nil when the server
	// does not say.
	Bindings []string
	// Session is true where a session must be asked for after the resource (RFC
	// 3921 3): it is offered, and not as optional.
	Session bool
	// MaxBytes is the limit of XEP-0478 on a stanza; 0 when not given.
	MaxBytes int
}

// AsFeatures reads the stream features.
func AsFeatures(e *Element) (Features, bool) {
	if !e.Is(NSStream, "features") {
		return Features{}, false
	}
	var f Features
	for _, c := range e.Children {
		switch c.Name.Space + " " + c.Name.Local {
		case NSTLS + " starttls":
			f.STARTTLS = true
			f.STARTTLSRequired = c.Child(NSTLS, "required") != nil || len(e.Children) == 1
		case NSSASL + " mechanisms":
			f.Mechanisms = appendTexts(f.Mechanisms, c, NSSASL, "mechanism")
		case NSSASL2 + " authentication":
			f.SASL2 = appendTexts(f.SASL2, c, NSSASL2, "mechanism")
			f.Upgrades = appendTexts(f.Upgrades, c, NSUpgrade, "upgrade")
			f.Fast = appendTexts(f.Fast, c.Child(NSSASL2, "inline").Child(NSFast, "fast"), NSFast, "mechanism")
		case NSLegacyAuth + " auth":
			f.Legacy = true
		case NSSession + " session":
			f.Session = c.Child(NSSession, "optional") == nil
		case NSBindings + " sasl-channel-binding":
			for _, b := range c.Children {
				if b.Is(NSBindings, "channel-binding") {
					f.Bindings = appendToken(f.Bindings, b.Attr("type"))
				}
			}
		case NSLimits + " limits":
			f.MaxBytes = number(c.ChildText(NSLimits, "max-bytes"))
		}
	}
	return f, true
}

// appendTexts adds the texts of e's children of one name.
func appendTexts(list []string, e *Element, space, local string) []string {
	if e == nil {
		return list
	}
	for _, c := range e.Children {
		if c.Is(space, local) {
			list = appendToken(list, strings.TrimSpace(c.Text))
		}
	}
	return list
}

// appendToken adds a name that a server chose, unless it is there already.
func appendToken(list []string, token string) []string {
	token = safeCut(token, maxToken)
	if token == "" || len(list) >= maxList || slices.Contains(list, token) {
		return list
	}
	return append(list, token)
}

// number reads a count; 0 when it is none, or does not fit.
func number(s string) int {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return int(n)
}
