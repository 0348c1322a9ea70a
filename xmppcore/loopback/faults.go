package loopback

import (
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Step names a moment in a connection at which a fault can happen: right before
// the server answers.
type Step string

// The steps, in order.
const (
	StepConnect   Step = "connect"   // a connection was accepted
	StepHeader    Step = "header"    // the client opened a stream
	StepFeatures  Step = "features"  // the stream is open, the features come next
	StepSTARTTLS  Step = "starttls"  // the client asked for TLS
	StepTLS       Step = "tls"       // the TLS handshake comes next
	StepEncrypted Step = "encrypted" // the client opened its stream inside TLS
	StepAuth      Step = "auth"      // the client sent <auth/>
	StepResponse  Step = "response"  // the client answered the challenge
	StepRestart   Step = "restart"   // the client opened its stream after the login
	StepBind      Step = "bind"      // the client asked for a resource
	StepRoster    Step = "roster"    // the client asked for its roster
	StepJoin      Step = "join"      // the client joins a room
	StepMessage   Step = "message"   // the client sent a message
	StepPing      Step = "ping"      // the client sent a ping
)

var steps = []Step{
	StepConnect, StepHeader, StepFeatures, StepSTARTTLS, StepTLS, StepEncrypted, StepAuth, StepResponse,
	StepRestart, StepBind, StepRoster, StepJoin, StepMessage, StepPing,
}

// Faults are what goes wrong on purpose. The zero value is a healthy server.
type Faults struct {
	// Silent stops answering at this step and for good: the connection stays
	// open, and what the client sends is read and thrown away.
	Silent Step
	// Close closes the connection at this step without a word.
	Close Step
	// Ignore leaves these steps unanswered; the connection goes on.
	Ignore []Step
	// Reply is sent, byte for byte, in place of the answer. "{id}" stands for
	// the id of the stanza that is answered. The server hangs up after a reply
	// that ends with "</stream:stream>".
	Reply map[Step]string

	// NoSTARTTLS hides the STARTTLS feature, as an attacker would.
	NoSTARTTLS bool
	// RefuseSTARTTLS answers <starttls/> with <failure/> (RFC 6120 5.4.2.2).
	RefuseSTARTTLS bool
	// NoMechanisms offers no login at all.
	NoMechanisms bool
	// UnknownMechanisms permits names in Config.Mechanisms that the server
	// does not know; they are offered, and refused when taken.
	UnknownMechanisms bool
	// OldEjabberd makes every PLUS login over TLS 1.3 fail as ejabberd before
	// 24.02 does: it computes tls-unique where the client takes tls-exporter.
	// It sends no XEP-0440 list, offers X-OAUTH2, does not mind a client that
	// believes it to lack channel binding (GS2 flag "y"), and refuses logins in
	// ejabberd's words.
	OldEjabberd bool
	// Proxy makes TLS end at a proxy in front of the server, which has a
	// certificate of its own. It is played, not run: the client sees what it
	// would see with a real one, namely a server whose idea of the channel
	// binding is that of another connection.
	Proxy bool
	// Iterations is the SCRAM iteration count the server announces; 0 means
	// 4096. Above 100,000 the server only claims it, and no login succeeds.
	Iterations int
	// BadNonce answers with a nonce that does not begin with the client's.
	BadNonce bool
	// BadSignature ends SCRAM with a wrong server signature.
	BadSignature bool
	// NoProof sends <success/> right after <auth/>, without a challenge.
	NoProof bool
	// Locked refuses every stream with policy-violation, as fail2ban does after
	// too many failed logins.
	Locked bool
	// MaxFailedLogins locks the server after this many failed logins over all
	// connections; 0 means never.
	MaxFailedLogins int
	// OtherNick makes the room service change the nick, with status 210.
	OtherNick string
}

// steps are those at which something goes wrong.
func (f *Faults) steps() []Step {
	at := slices.AppendSeq(slices.Clone(f.Ignore), maps.Keys(f.Reply))
	for _, s := range []Step{f.Silent, f.Close} {
		if s != "" {
			at = append(at, s)
		}
	}
	return at
}

var (
	errFaultClosed = errors.New("closed by fault")
	errFaultSilent = errors.New("silent by fault")
)

// faultAt plays the fault of a step, if there is one. answered is true when the
// step got its answer (or none) here, and the server must not give its own.
func (c *conn) faultAt(step Step, id string) (answered bool, err error) {
	f := &c.server.config.Faults
	switch {
	case step == "":
		return false, nil // no step of ours
	case f.Close == step:
		return true, errFaultClosed
	case f.Silent == step:
		return true, errFaultSilent
	case slices.Contains(f.Ignore, step):
		return true, nil
	}
	reply, ok := f.Reply[step]
	if !ok {
		return false, nil
	}
	reply = strings.ReplaceAll(reply, "{id}", escapeXML(id))
	if err := c.write([]byte(reply)); err != nil {
		return true, err
	}
	if strings.HasSuffix(reply, streamEnd) {
		return true, errFaultClosed
	}
	return true, nil
}

// escapeXML is a text as it stands in a value.
func escapeXML(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

// lockedOut is how a server that lets nobody log in any more ends every stream,
// in the words of ejabberd's mod_fail2ban; nil as long as it does not.
func (s *Server) lockedOut() error {
	f, failed := s.config.Faults, int(s.failedLogins.Load())
	if !f.Locked && (f.MaxFailedLogins == 0 || failed < f.MaxFailedLogins) {
		return nil
	}
	return &streamError{condition: "policy-violation", text: fmt.Sprintf("Too many (%d) failed authentications "+
		"from this IP address (127.0.0.1). The address will be unblocked in 1 hour", max(failed, 1))}
}
