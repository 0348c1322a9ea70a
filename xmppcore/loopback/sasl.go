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
	// tokenMechanism is what an old ejabberd offers beside PLUS, and is known
	// by. Nobody here has a token, so it is refused as an unknown one is.
	tokenMechanism = "X-OAUTH2"
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

func isPlus(mechanism string) bool { return strings.HasSuffix(mechanism, plusSuffix) }

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

// mechanisms are what this connection may log in with now.
func (c *conn) mechanisms() []string {
	config := &c.server.config
	if config.Faults.NoMechanisms || c.needsTLS() {
		return nil
	}
	var usable []string
	for _, m := range config.Mechanisms {
		switch {
		case isPlus(m) && c.tls == nil:
		case isPlus(m) && len(c.bindings()) == 0 && !config.Faults.OldEjabberd:
		case m == plainMechanism && c.tls == nil && !config.CleartextPLAIN:
		default:
			usable = append(usable, m)
		}
	}
	if config.Faults.OldEjabberd && c.tls != nil {
		usable = append(usable, tokenMechanism)
	}
	return usable
}

// authenticate handles one login attempt. It reports true when the client is
// logged in and opens a new stream next; false when it failed and may try again.
func (c *conn) authenticate(auth *wire.Element) (bool, error) {
	answered, err := c.faultAt(StepAuth, "")
	if answered || err != nil {
		return false, err
	}
	if c.server.config.Faults.NoProof {
		return false, c.send(saslElement("success", ""))
	}
	mechanism := auth.Attr("mechanism")
	var user *account
	var final string
	switch {
	case !slices.Contains(c.mechanisms(), mechanism), !known(mechanism):
		err = &saslFailure{condition: "invalid-mechanism"}
	case mechanism == plainMechanism:
		user, err = c.plain(auth)
	default:
		user, final, err = c.scram(mechanism, auth)
	}
	if err == nil && user.Disabled {
		err = &saslFailure{condition: "account-disabled"}
	}
	var failure *saslFailure
	switch {
	case errors.Is(err, errAnswered):
		return false, nil
	case errors.As(err, &failure):
		return false, c.refuse(failure)
	case err != nil:
		return false, err
	}
	c.user = user
	c.logf("%s logged in with %s", user.jid, mechanism)
	return true, c.send(saslElement("success", final))
}

// refuse answers a failed attempt, and ends the stream after too many.
func (c *conn) refuse(f *saslFailure) error {
	c.failures++
	c.server.failedLogins.Add(1)
	c.logf("%v", f)
	answer := saslElement("failure", "").Add(wire.NewElement(wire.NSSASL, f.condition))
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
func (c *conn) plain(auth *wire.Element) (*account, error) {
	message, err := saslMessage(auth)
	if err != nil {
		return nil, err
	}
	parts := bytes.Split(message, []byte{0})
	if len(parts) != 3 {
		return nil, &saslFailure{condition: "malformed-request"}
	}
	user := c.server.hub.account(string(parts[1]))
	if user == nil || user.Password != string(parts[2]) {
		return nil, c.wrongPassword("Unable to authorize you with the authentication credentials you've sent.")
	}
	return user, checkAuthorization(string(parts[0]), user)
}

// scram runs RFC 5802 with or without channel binding, and returns the user and
// the server's final message.
func (c *conn) scram(mechanism string, auth *wire.Element) (*account, string, error) {
	first, err := saslMessage(auth)
	if err != nil {
		return nil, "", err
	}
	conversation, err := c.conversation(mechanism, string(first))
	if err != nil {
		return nil, "", err
	}
	challenge, err := conversation.Step(string(first))
	if err != nil {
		return nil, "", c.scramFailure(challenge, err)
	}
	if c.server.config.Faults.BadNonce {
		challenge = "r=somebody-else" + challenge[strings.Index(challenge, ","):]
	}
	if err := c.send(saslElement("challenge", challenge)); err != nil {
		return nil, "", err
	}
	response, err := c.response()
	if err != nil {
		return nil, "", err
	}
	final, err := conversation.Step(response)
	if err != nil {
		return nil, "", c.scramFailure(final, err)
	}
	if c.server.config.Faults.BadSignature {
		final = "v=" + base64.StdEncoding.EncodeToString(make([]byte, 20))
	}
	user := c.server.hub.account(conversation.Username())
	return user, final, checkAuthorization(conversation.AuthzID(), user)
}

// response reads the client's answer to the challenge.
func (c *conn) response() (string, error) {
	e, err := c.in.element()
	switch {
	case err != nil:
		return "", err
	case e.Is(wire.NSSASL, "abort"):
		return "", &saslFailure{condition: "aborted"}
	case !e.Is(wire.NSSASL, "response"):
		return "", &streamError{condition: "not-authorized"}
	}
	answered, err := c.faultAt(StepResponse, "")
	switch {
	case err != nil:
		return "", err
	case answered:
		return "", errAnswered
	}
	message, err := saslMessage(e)
	return string(message), err
}

// conversation prepares the server's half for the channel binding that the
// client names in its first message (RFC 5802 6).
func (c *conn) conversation(mechanism, first string) (*scram.ServerConversation, error) {
	server, err := hashOf(mechanism).NewServer(func(user string) (scram.StoredCredentials, error) {
		a := c.server.hub.account(user)
		if a == nil {
			return scram.StoredCredentials{}, errUnknownUser
		}
		return c.server.credentials.of(a, mechanism)
	})
	if err != nil {
		return nil, err
	}
	flag, _, _ := strings.Cut(first, ",")
	kind, bound := strings.CutPrefix(flag, "p=")
	switch {
	case bound != isPlus(mechanism):
		// PLUS without a binding, or a binding without PLUS.
		return nil, c.wrongBinding("")
	case bound:
		binding, err := c.bindingData(kind)
		if err != nil {
			return nil, c.wrongBinding("Proposed channel binding type isn't supported.")
		}
		return server.NewConversationWithChannelBindingRequired(binding), nil
	case flag == "y" && !c.server.config.Faults.OldEjabberd && slices.ContainsFunc(c.mechanisms(), isPlus):
		// The client believes that we offer no PLUS, and we do: somebody has
		// tampered with the list, or the client lies.
		return nil, c.wrongBinding("")
	}
	return server.NewConversation(), nil
}

// scramFailure is what the server says of a failure of xdg-go/scram, whose
// reply is RFC 5802's e=.
func (c *conn) scramFailure(reply string, err error) error {
	switch {
	case errors.Is(err, errUnknownUser):
		return c.wrongPassword("")
	case reply == scram.ErrInvalidProof:
		return c.wrongPassword("The response provided by the client doesn't match the one we calculated.")
	case reply == scram.ErrChannelBindingsDontMatch:
		return c.wrongBinding("Invalid channel binding value.")
	}
	return &saslFailure{condition: "malformed-request"}
}

// wrongPassword refuses a user or a password, in Prosody's words or ejabberd's.
func (c *conn) wrongPassword(prosody string) error {
	if c.server.config.Faults.OldEjabberd {
		prosody = "Invalid username or password"
	}
	return &saslFailure{"not-authorized", prosody}
}

// wrongBinding refuses a channel binding, as Prosody does or as ejabberd.
func (c *conn) wrongBinding(prosody string) error {
	if c.server.config.Faults.OldEjabberd {
		return &saslFailure{"not-authorized", "Invalid channel binding"}
	}
	return &saslFailure{"malformed-request", prosody}
}

// checkAuthorization allows a user to act as itself only (RFC 6120 6.3.8).
func checkAuthorization(identity string, user *account) error {
	if identity == "" || strings.EqualFold(identity, user.jid.String()) {
		return nil
	}
	return &saslFailure{condition: "invalid-authzid"}
}

// saslElement carries a message, in base64; an empty message is none.
func saslElement(local, message string) *wire.Element {
	return wire.NewElement(wire.NSSASL, local).AddText(base64.StdEncoding.EncodeToString([]byte(message)))
}

// saslMessage is what a SASL element carries; "=" is an empty message (RFC 6120
// 6.4.2).
func saslMessage(e *wire.Element) ([]byte, error) {
	if e.Text == "=" {
		return nil, nil
	}
	b, err := base64.StdEncoding.DecodeString(e.Text)
	if err != nil {
		return nil, &saslFailure{condition: "incorrect-encoding"}
	}
	return b, nil
}
