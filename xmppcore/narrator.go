package xmppcore

import (
	"fmt"
	"strings"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/stream"
)

// narrator tells the events of a stream up to its login, from the connection
// on. It is a listener of the stream's follower; the handshake, which the
// follower does not see, it knows from the check of the certificate.
//
// What the probe has told already and the second connection repeats is not told
// again: a stage opens and ends once.
type narrator struct {
	run    *run
	check  *tlsCheck
	follow *stream.Follower
	// login are the facts of the login so far, for its end; nil where there is
	// none.
	login func() event.SASL
	// greeted is true once the server has opened its stream.
	greeted bool
}

// begin opens the first stage, before anything is sent.
func (n *narrator) begin() {
	if n.follow.State().Encrypted {
		n.securing()
		return
	}
	n.run.rec.start(event.StageStream, "opening a stream to "+n.run.dest.Domain)
}

func (n *narrator) securing() {
	n.run.rec.start(event.StageTLS, "TLS handshake, expecting a certificate for "+n.run.dest.Reference)
}

// secured ends the tls stage of a handshake that succeeded.
func (n *narrator) secured() {
	data, _ := n.check.result(nil)
	n.run.reached()
	text := data.Version + ", certificate valid for " + data.Reference
	if data.Problem == "" {
		n.run.rec.ok(event.StageTLS, text, data)
		return
	}
	text = fmt.Sprintf("%s, certificate not checked (verify=no): %s", data.Version, data.Problem)
	n.run.rec.warn(event.StageTLS, text, data, nil)
}

// step is told each step of the stream.
func (n *narrator) step(s stream.Step) error {
	rec, state := n.run.rec, n.follow.State()
	switch s.Kind {
	case stream.Opening:
		switch {
		case state.Position == stream.Proven:
			rec.start(event.StageBind, "asking for a resource")
		case state.Encrypted:
			n.secured()
			text := "asking for the features under TLS"
			if state.Stage == event.StageStream {
				text = "opening a stream to " + n.run.dest.Domain
			}
			rec.start(state.Stage, text)
		}
	case stream.Greeted:
		n.greeted = true
	case stream.Offered:
		if state.Position >= stream.LoggedIn {
			break
		}
		rec.ok(event.StageStream, headerText(state.Header, n.run.dest.Domain), state.Header)
		if state.Position == stream.Choosing {
			rec.ok(event.StageFeatures, featuresText(state.Features), state.Features)
		} else {
			rec.start(event.StageSTARTTLS, "asking for TLS")
		}
	case stream.Consented:
		rec.ok(event.StageSTARTTLS, consentText(state.Clear), state.Clear)
		n.securing()
	case stream.Proved:
		n.loggedIn()
	case stream.Asked:
		rec.start(event.StageBind, "asking for a resource")
	}
	return nil
}

// loggedIn ends the sasl stage.
func (n *narrator) loggedIn() {
	sasl := n.login()
	text := "logged in with " + sasl.Used
	if sasl.ChannelBinding != "" {
		text += ", bound to the TLS channel by " + sasl.ChannelBinding
	}
	if i := sasl.Iterations; i > 0 && i < fewIterations {
		n.run.rec.warn(event.StageSASL, fmt.Sprintf("%s; only %d iterations protect the password, "+
			"%d are the least that RFC 5802 wants", text, i, fewIterations), sasl, nil)
		return
	}
	n.run.rec.ok(event.StageSASL, text, sasl)
}

// data is what is known of a stage that failed.
func (n *narrator) data(stage event.Stage) event.Data {
	switch stage {
	case event.StageStream: // one who greeted us is told from one who said nothing
		if n.greeted {
			return n.follow.State().Header
		}
	case event.StageTLS:
		data, _ := n.check.result(nil)
		return data
	case event.StageSTARTTLS:
		return n.follow.State().Clear
	case event.StageSASL:
		if n.login != nil {
			return n.login()
		}
	}
	return nil
}

// headerText says what a header told.
func headerText(d event.Stream, to string) string {
	switch {
	case d.From == "":
		return "the stream is open; the server does not say who it is"
	case !strings.EqualFold(d.From, to):
		return fmt.Sprintf("the stream is open; asked for %s, answered by %s", to, d.From)
	}
	return "the stream is open; the server is " + d.From
}

// featuresText names what is offered.
func featuresText(f event.Features) string {
	var parts []string
	if !f.Encrypted && f.STARTTLS {
		parts = append(parts, "STARTTLS")
	}
	if len(f.Mechanisms) > 0 {
		parts = append(parts, strings.Join(f.Mechanisms, " "))
	}
	if len(f.SASL2) > 0 {
		parts = append(parts, "SASL2 with "+strings.Join(f.SASL2, " "))
	}
	if len(f.Bindings) > 0 {
		parts = append(parts, "bindings "+strings.Join(f.Bindings, " "))
	}
	if len(parts) == 0 {
		return "offered: nothing to log in with"
	}
	return "offered: " + strings.Join(parts, "; ")
}

func consentText(offered event.Features) string {
	if offered.STARTTLSRequired {
		return "the server agrees to TLS, and requires it"
	}
	return "the server agrees to TLS"
}
