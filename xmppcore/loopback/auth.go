package loopback

import (
	"bytes"
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"github.com/xdg-go/scram"

	"xmppscope/xmppcore/wire"
)

const (
	plusSuffix     = "-PLUS"
	plainMechanism = "PLAIN"
	// maxFailures is how often one connection may try (RFC 6120 6.4.5: 2 to 5).
	maxFailures = 3
)

var (
	errUnknownUser = errors.New("no such account")
	errAnswered    = errors.New("a fault answered in our place")
)

// saslFailure is a condition of RFC 6120 6.5 that ends one login attempt.
type saslFailure struct{ condition, text string }

func (f *saslFailure) Error() string { return "login failed: " + f.condition }

// known reports whether the server can do a mechanism.
func known(mechanism string) bool {
	return mechanism == plainMechanism || hashOf(mechanism) != nil
}

// hashOf is the hash of a SCRAM mechanism, nil for any other.
func hashOf(mechanism string) scram.HashGeneratorFcn {
	switch strings.TrimSuffix(mechanism, plusSuffix) {
	case "SCRAM-SHA-1":
		return scram.SHA1
	case "SCRAM-SHA-256":
		return scram.SHA256
	case "SCRAM-SHA-512":
		return scram.SHA512
	}
	return nil
}

// authenticate handles one login attempt. It reports true when the client is
// logged in and opens a new stream next; false when it failed and may try again.
func (c *conn) authenticate(auth *wire.Element) (bool, error) {
	answered, err := c.reach(StepAuth, "")
	if answered || err != nil {
		return false, err
	}
	if c.srv.cfg.Faults.NoProof {
		return false, c.send(wire.NewElement(wire.NSSASL, "success"))
	}
	mechanism := auth.Attr("mechanism")
	var user string
	var final []byte
	if !slices.Contains(c.mechanisms(), mechanism) || !known(mechanism) {
		err = &saslFailure{condition: "invalid-mechanism"}
	} else if mechanism == plainMechanism {
		user, err = c.plain(auth)
	} else {
		user, final, err = c.scram(mechanism, auth)
	}
	var failure *saslFailure
	switch {
	case err == nil:
	case errors.Is(err, errAnswered):
		return false, nil
	case errors.As(err, &failure):
		return false, c.refuse(failure)
	default:
		return false, err
	}
	c.user = c.srv.hub.account(user)
	if c.user.Disabled {
		c.user = nil
		return false, c.refuse(&saslFailure{condition: "account-disabled"})
	}
	c.logf("%s logged in with %s", c.user.addr, mechanism)
	success := wire.NewElement(wire.NSSASL, "success")
	if final != nil {
		success.AddText(base64.StdEncoding.EncodeToString(final))
	}
	return true, c.send(success)
}

// refuse answers a failed attempt, and ends the stream after too many.
func (c *conn) refuse(f *saslFailure) error {
	c.failures++
	c.srv.vault.failedLogin()
	c.logf("%v", f)
	answer := wire.NewElement(wire.NSSASL, "failure").Add(wire.NewElement(wire.NSSASL, f.condition))
	if f.text != "" {
		answer.Add(wire.NewElement(wire.NSSASL, "text").AddText(f.text))
	}
	if err := c.send(answer); err != nil {
		return err
	}
	if c.failures >= maxFailures {
		return &streamError{condition: "policy-violation", text: "Too many failed logins on this connection"}
	}
	return nil
}

// plain checks RFC 4616: authorization identity, user and password.
func (c *conn) plain(auth *wire.Element) (string, error) {
	payload, err := decodePayload(auth)
	if err != nil {
		return "", err
	}
	parts := bytes.Split(payload, []byte{0})
	if len(parts) != 3 {
		return "", &saslFailure{condition: "malformed-request"}
	}
	authz, user, password := string(parts[0]), string(parts[1]), string(parts[2])
	want, ok := c.srv.vault.passwords[strings.ToLower(user)]
	if !ok || want != password {
		return "", &saslFailure{"not-authorized", c.say(
			"Unable to authorize you with the authentication credentials you've sent.", "Invalid username or password")}
	}
	return user, c.checkAuthz(authz, user)
}

// scram runs RFC 5802 with or without channel binding, and returns the user and
// the server's final message.
func (c *conn) scram(mechanism string, auth *wire.Element) (string, []byte, error) {
	first, err := decodePayload(auth)
	if err != nil {
		return "", nil, err
	}
	conversation, err := c.conversation(mechanism, string(first))
	if err != nil {
		return "", nil, err
	}
	challenge, err := conversation.Step(string(first))
	if err != nil {
		return "", nil, c.scramFailure(challenge, err)
	}
	if c.srv.cfg.Faults.BadNonce {
		challenge = "r=somebody-else" + challenge[strings.Index(challenge, ","):]
	}
	if err := c.send(wire.NewElement(wire.NSSASL, "challenge").AddText(base64.StdEncoding.EncodeToString([]byte(challenge)))); err != nil {
		return "", nil, err
	}
	response, err := c.in.element()
	if err != nil {
		return "", nil, err
	}
	if response.Is(wire.NSSASL, "abort") {
		return "", nil, &saslFailure{condition: "aborted"}
	}
	if !response.Is(wire.NSSASL, "response") {
		return "", nil, &streamError{condition: "not-authorized"}
	}
	if answered, err := c.reach(StepResponse, ""); err != nil {
		return "", nil, err
	} else if answered {
		return "", nil, errAnswered
	}
	payload, err := decodePayload(response)
	if err != nil {
		return "", nil, err
	}
	final, err := conversation.Step(string(payload))
	if err != nil {
		return "", nil, c.scramFailure(final, err)
	}
	if c.srv.cfg.Faults.BadSignature {
		final = "v=" + base64.StdEncoding.EncodeToString(make([]byte, 20))
	}
	return conversation.Username(), []byte(final), c.checkAuthz(conversation.AuthzID(), conversation.Username())
}

// conversation prepares the server's half for the channel binding that the
// client names in its first message (RFC 5802 6).
func (c *conn) conversation(mechanism, first string) (*scram.ServerConversation, error) {
	server, err := hashOf(mechanism).NewServer(func(user string) (scram.StoredCredentials, error) {
		return c.srv.vault.credentials(mechanism, user)
	})
	if err != nil {
		return nil, err
	}
	flag, _, _ := strings.Cut(first, ",")
	plus := strings.HasSuffix(mechanism, plusSuffix)
	kind, bound := strings.CutPrefix(flag, "p=")
	switch {
	case bound != plus:
		// PLUS without a binding, or a binding without PLUS.
		return nil, c.bindingFailure("")
	case plus:
		binding, err := c.bindingData(kind)
		if err != nil {
			return nil, c.bindingFailure("Proposed channel binding type isn't supported.")
		}
		return server.NewConversationWithChannelBindingRequired(binding), nil
	case flag == "y" && !c.srv.cfg.Faults.OldEjabberd && slices.ContainsFunc(c.mechanisms(), func(m string) bool { return strings.HasSuffix(m, plusSuffix) }):
		// The client believes that we offer no PLUS, and we do: somebody has
		// tampered with the list, or the client lies.
		return nil, c.bindingFailure("")
	}
	return server.NewConversation(), nil
}

// scramFailure words the refusal of xdg-go/scram: reply is RFC 5802's e=.
func (c *conn) scramFailure(reply string, err error) error {
	switch {
	case errors.Is(err, errUnknownUser):
		return &saslFailure{"not-authorized", c.say("", "Invalid username or password")}
	case reply == scram.ErrInvalidProof:
		return &saslFailure{"not-authorized", c.say(
			"The response provided by the client doesn't match the one we calculated.", "Invalid username or password")}
	case reply == scram.ErrChannelBindingsDontMatch:
		return c.bindingFailure("Invalid channel binding value.")
	}
	return &saslFailure{condition: "malformed-request"}
}

// bindingFailure is a refused channel binding, as the two servers put it.
func (c *conn) bindingFailure(prosody string) *saslFailure {
	if c.srv.cfg.Faults.OldEjabberd {
		return &saslFailure{"not-authorized", "Invalid channel binding"}
	}
	return &saslFailure{"malformed-request", prosody}
}

// checkAuthz allows the user to act as itself only (RFC 6120 6.3.8).
func (c *conn) checkAuthz(authz, user string) error {
	if authz == "" || strings.EqualFold(authz, user+"@"+c.srv.cfg.Domain) {
		return nil
	}
	return &saslFailure{condition: "invalid-authzid"}
}

// decodePayload decodes the base64 content of a SASL element; "=" is an empty
// message (RFC 6120 6.4.2).
func decodePayload(e *wire.Element) ([]byte, error) {
	text := e.Text
	if text == "=" {
		return nil, nil
	}
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, &saslFailure{condition: "incorrect-encoding"}
	}
	return b, nil
}

// say picks the text of the server that is imitated.
func (c *conn) say(prosody, ejabberd string) string {
	if c.srv.cfg.Faults.OldEjabberd {
		return ejabberd
	}
	return prosody
}
