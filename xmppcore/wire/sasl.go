package wire

import (
	"encoding/base64"
	"errors"
	"math"
	"strconv"
	"strings"
)

// Auth is what we sent to begin a login: <auth/> (RFC 6120 6.4.2) or
// <authenticate/> (XEP-0388 2.3). Nothing of the payload is kept but the GS2
// flag and, unexported, the nonce.
type Auth struct {
	SASL2     bool
	Mechanism string
	// Flag is SCRAM's channel-binding flag: "n" (we cannot), "y" (we could,
	// the server cannot) or "p" (we do), "" for other mechanisms (RFC 5802 6).
	Flag string
	// Binding is the channel-binding type behind the flag "p".
	Binding string

	nonce string
}

// AsAuth reads the beginning of a login.
func AsAuth(e *Element) (Auth, bool) {
	var a Auth
	var payload string
	switch {
	case e.Is(NSSASL, "auth"):
		payload = e.Text
	case e.Is(NSSASL2, "authenticate"):
		a.SASL2 = true
		payload = e.ChildText(NSSASL2, "initial-response")
	default:
		return Auth{}, false
	}
	a.Mechanism = safeCut(e.Attr("mechanism"), maxToken)
	first, err := decode(payload)
	if err != nil || !strings.HasPrefix(a.Mechanism, "SCRAM-") {
		return a, true
	}
	flag, rest, ok := strings.Cut(first, ",")
	if !ok {
		return a, true
	}
	switch name, binding, bound := strings.Cut(flag, "="); {
	case bound && name == "p":
		a.Flag, a.Binding = "p", safeCut(binding, maxToken)
	case flag == "n", flag == "y":
		a.Flag = flag
	}
	for part := range strings.SplitSeq(rest, ",") {
		if nonce, ok := strings.CutPrefix(part, "r="); ok {
			a.nonce = nonce
		}
	}
	return a, true
}

// Challenge is the first answer of a SCRAM server (RFC 5802 5.1), without its
// salt. The later challenges of a login are not read.
type Challenge struct {
	// Problem says why this is no sound server-first-message; empty when it is
	// one. The login must not go on with a problem: go-xmpp would.
	Problem string
	// Iterations is the count of PBKDF2 rounds, math.MaxInt when it does not
	// fit. It is what the server sent: negative and zero values too.
	Iterations int
	// Salt is the length of the salt, in bytes.
	Salt int
	// Downgrade is true when the message carries the hash of XEP-0474.
	Downgrade bool

	nonce string
}

// Answers reports whether the server's nonce begins with ours and adds to it
// (RFC 5802 5.1).
func (c Challenge) Answers(a Auth) bool {
	return a.nonce != "" && len(c.nonce) > len(a.nonce) && strings.HasPrefix(c.nonce, a.nonce)
}

// AsChallenge reads a SASL challenge as the first one of SCRAM.
func AsChallenge(e *Element) (Challenge, bool) {
	var c Challenge
	if !e.Is(NSSASL, "challenge") && !e.Is(NSSASL2, "challenge") {
		return Challenge{}, false
	}
	if err := c.read(e.Text); err != nil {
		c.Problem = err.Error()
	}
	return c, true
}

// read takes the message apart. It is stricter than go-xmpp, which accepts the
// attributes in any order and lets a later one overrule an earlier one, so that
// both cannot see different numbers.
func (c *Challenge) read(payload string) error {
	message, err := decode(payload)
	if err != nil {
		return errors.New("the challenge is not base64")
	}
	parts := strings.Split(message, ",")
	if strings.HasPrefix(message, "m=") {
		return errors.New("the challenge demands an extension (m=) that nobody knows")
	}
	if len(parts) < 3 || !strings.HasPrefix(parts[0], "r=") || !strings.HasPrefix(parts[1], "s=") ||
		!strings.HasPrefix(parts[2], "i=") {
		return errors.New("the challenge is not a SCRAM message with nonce, salt and iteration count")
	}
	c.nonce = parts[0][2:]
	salt, err := base64.StdEncoding.DecodeString(parts[1][2:])
	if err != nil || len(salt) == 0 {
		return errors.New("the challenge has no salt")
	}
	c.Salt = len(salt)
	c.Iterations, err = strconv.Atoi(parts[2][2:])
	if errors.Is(err, strconv.ErrRange) && !strings.HasPrefix(parts[2], "i=-") {
		c.Iterations, err = math.MaxInt, nil
	}
	if err != nil {
		c.Iterations = 0
		return errors.New("the challenge has no iteration count")
	}
	for _, p := range parts[3:] {
		switch {
		case strings.HasPrefix(p, "r="), strings.HasPrefix(p, "s="), strings.HasPrefix(p, "i="):
			return errors.New("the challenge says nonce, salt or iteration count twice")
		case strings.HasPrefix(p, "m="):
			return errors.New("the challenge demands an extension (m=) that nobody knows")
		case strings.HasPrefix(p, "h="), strings.HasPrefix(p, "d="):
			c.Downgrade = true
		}
	}
	return nil
}

// Success is the end of a login.
type Success struct {
	// Proof is true when the server's signature is there (RFC 5802 5.1, "v=").
	// Whether it is right only the SCRAM client can tell.
	Proof bool
	// JID is the authorization identifier of SASL2, the bound full JID when
	// Bound is set. As sent.
	JID string
	// Bound is true when a resource was bound inline (XEP-0386).
	Bound bool
}

// AsSuccess reads the end of a login.
func AsSuccess(e *Element) (Success, bool) {
	var s Success
	var payload string
	switch {
	case e.Is(NSSASL, "success"):
		payload = e.Text
	case e.Is(NSSASL2, "success"):
		payload = e.ChildText(NSSASL2, "additional-data")
		s.JID = strings.TrimSpace(e.ChildText(NSSASL2, "authorization-identifier"))
		s.Bound = e.Child(NSBind2, "bound") != nil
	default:
		return Success{}, false
	}
	final, err := decode(payload)
	s.Proof = err == nil && len(final) > len("v=") && strings.HasPrefix(final, "v=")
	return s, true
}

// Failure is a refused login (RFC 6120 6.4.5) or, with TLS set, refused
// STARTTLS (RFC 6120 5.4.2.2).
type Failure struct {
	TLS bool
	// Condition is the defined condition, such as "not-authorized", or
	// "undefined-condition" when the server named none.
	Condition string
	// Text is the server's explanation, safe to show.
	Text string
}

// AsFailure reads a SASL, SASL2 or STARTTLS failure. The condition of SASL2 is
// in the namespace of SASL.
func AsFailure(e *Element) (Failure, bool) {
	var f Failure
	switch {
	case e.Is(NSSASL, "failure"), e.Is(NSSASL2, "failure"):
	case e.Is(NSTLS, "failure"):
		f.TLS = true
	default:
		return Failure{}, false
	}
	f.Condition, f.Text = conditionOf(e, NSSASL)
	return f, true
}

// decode reads a SASL payload; "=" is the empty one (RFC 6120 6.4.2).
func decode(payload string) (string, error) {
	payload = strings.TrimSpace(payload)
	if payload == "=" {
		return "", nil
	}
	b, err := base64.StdEncoding.DecodeString(payload)
	return string(b), err
}
