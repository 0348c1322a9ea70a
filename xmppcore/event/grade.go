package event

import (
	"slices"

	"xmppscope/urlspec"
)

// Grade says how good a login would be. More is better.
type Grade int

// The grades, the worst first. Channel binding beats a certificate that is not
// valid only among such certificates: it detects somebody in between who does
// not know the password, but not before the login.
const (
	Unusable        Grade = iota // no login
	ClearPLAIN                   // no TLS, and everybody on the way reads the password
	Clear                        // no TLS
	UnverifiedPLAIN              // TLS with a certificate that is not valid, and the password goes to an unknown peer
	Unverified
	UnverifiedPlus
	VerifiedPLAIN // TLS with a valid certificate
	Verified
	VerifiedPlus // and a login bound to it
)

// Text says the grade in a few words.
func (g Grade) Text() string {
	texts := [...]string{"no login", "no TLS, password in clear", "no TLS",
		"TLS, certificate not valid, PLAIN", "TLS, certificate not valid", "TLS, certificate not valid, channel bound",
		"verified TLS, PLAIN", "verified TLS", "verified TLS, channel bound"}
	if g < 0 || int(g) >= len(texts) {
		return ""
	}
	return texts[g]
}

// Prediction is the predicted login with scramplus=yes or scramplus=no; the
// zero value when the features were not reached.
func (c Cell) Prediction(scramPlus bool) Prediction {
	p := c.NoPlus
	if scramPlus {
		p = c.Plus
	}
	if p == nil {
		return Prediction{}
	}
	return *p
}

// Encrypted reports whether a TLS handshake succeeded, whatever the
// certificate.
func (c Cell) Encrypted() bool { return c.SHA256 != "" && c.FailedStage != StageTLS }

// Grade grades the login with scramplus=yes or scramplus=no.
func (c Cell) Grade(scramPlus bool) Grade {
	mechanism := c.Prediction(scramPlus).Mechanism
	grades := [...]Grade{ClearPLAIN, Clear, Clear}
	switch {
	case mechanism == "":
		return Unusable
	case c.Encrypted() && c.Verified:
		grades = [...]Grade{VerifiedPLAIN, Verified, VerifiedPlus}
	case c.Encrypted():
		grades = [...]Grade{UnverifiedPLAIN, Unverified, UnverifiedPlus}
	}
	switch {
	case mechanism == "PLAIN":
		return grades[0]
	case BindsChannel(mechanism):
		return grades[2]
	}
	return grades[1]
}

// Negotiated gives the cells that a session would find itself in. A URL cannot
// choose the TLS version: both sides take the best they have in common. So of
// the two versions of a place and mode it is the better one that comes to an
// encrypted connection.
func Negotiated(cells []Cell) []Cell {
	var out []Cell
	for _, c := range cells {
		same := func(o Cell) bool { return o.Address == c.Address && o.Mode == c.Mode && slices.Equal(o.Hosts, c.Hosts) }
		at := slices.IndexFunc(out, same)
		switch {
		case c.Mode == "":
		case at < 0:
			out = append(out, c)
		case !out[at].Encrypted() && c.Mode != urlspec.ModeNone:
			out[at] = c
		}
	}
	return out
}
