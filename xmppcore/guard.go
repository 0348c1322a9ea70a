package xmppcore

import (
	"fmt"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/stream"
)

// Bounds on SCRAM's iteration count. The library's computation cannot be
// interrupted: 2,000,000 take about a second, and longer on a slow machine, which
// is no fault of the server's. Fewer than 4096 are less than RFC 5802 5.1 asks for.
const (
	maxIterations = 2_000_000
	fewIterations = 4096
)

// guard looks at each step of a login before the library does, and ends the
// session at one that the library would handle badly. It is a listener of
// the stream's follower.
//
//	we                        server
//	<stream:stream>           <stream:stream> <stream:features>    a mechanism for us
//	<auth>                    <challenge>     nonce, iterations within bounds
//	<response>                <success>       never before the challenge, with a signature
//
// With SASL2 the names differ, and the resource may come with the success.
type guard struct {
	run    *run
	check  *tlsCheck
	follow *stream.Follower
	// found is the probe's, nil when there was none.
	found *probed
	// mechanism is what the library was told to use, or what it will choose;
	// empty until that is known.
	mechanism string
	// choice is the prediction, and why the others were passed over.
	choice event.SASL
	// answered is true once a challenge was sound.
	answered bool
}

// undecided ends a login without a probe for which the library would choose
// otherwise than we. It is told to nobody: the run begins again, and says what
// to take.
type undecided struct {
	// found and sasl are what the stream told before it was ended; found is nil
	// when that is not enough to choose by, and a probe has to look closer.
	found *probed
	sasl  event.SASL
}

func (u *undecided) Error() string { return "the library would choose another mechanism" }

// login are the facts of the login so far: what was predicted, and what was
// seen.
func (g *guard) login() event.SASL {
	seen, sasl := g.follow.State().SASL, g.choice
	sasl.ChannelBinding, sasl.Used = "", g.mechanism
	if seen.Used != "" {
		sasl.Used, sasl.ChannelBinding, sasl.SASL2 = seen.Used, seen.ChannelBinding, seen.SASL2
	}
	sasl.Flag, sasl.Iterations, sasl.Salt, sasl.Failure = seen.Flag, seen.Iterations, seen.Salt, seen.Failure
	return sasl
}

// step is told each step of the stream.
func (g *guard) step(s stream.Step) error {
	var failure *event.Failure
	switch s.Kind {
	case stream.Offered:
		return g.offered()
	case stream.Challenged:
		failure = g.challenged(s)
	case stream.Succeeded:
		failure = g.succeeded()
	}
	if failure != nil { // not returned as it is: a nil *Failure is no nil error
		return failure
	}
	return nil
}

// offered looks at features before the library does.
func (g *guard) offered() error {
	state := g.follow.State()
	switch {
	case state.Position == stream.Choosing && g.run.dest.Mode == urlspec.ModeNone && state.Features.STARTTLSRequired:
		// The library would upgrade all the same.
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseTLSRequired,
			Detail: "before TLS it offers only STARTTLS"}
	case state.Position == stream.Choosing:
		return g.choose(state.Features)
	case state.Position == stream.Beginning && !state.Clear.STARTTLS:
		return noSTARTTLS(g.run.stage(event.StageSTARTTLS), state.Clear)
	}
	return nil
}

func noSTARTTLS(stage event.Stage, offered event.Features) *event.Failure {
	return &event.Failure{Stage: stage, Cause: event.CauseNoSTARTTLS, Detail: featuresText(offered)}
}

// choose compares what the library will do with what should be done. It does
// as it is told, but where there was no probe nobody could tell it.
func (g *guard) choose(features event.Features) error {
	g.run.rec.start(event.StageSASL, "choosing a mechanism")
	found := g.found
	if found == nil {
		found = &probed{features: features, tls: g.check.connection(), early: true}
	}
	sasl, failure := choose(features, g.run.channel(found))
	g.choice = sasl
	switch {
	case failure != nil:
		return failure
	case g.found == nil && automatic(sasl.Offered) != sasl.Predicted:
		return &undecided{found: found, sasl: sasl}
	case g.found == nil:
		g.mechanism = sasl.Predicted
	case sasl.Predicted != g.mechanism:
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseNoCommonMechanism,
			Detail: fmt.Sprintf("the server offered %s a moment ago, and now it leaves us %s", g.mechanism, sasl.Predicted)}
	}
	return nil
}

// challenged looks at SCRAM's challenge. The library reads it less strictly.
func (g *guard) challenged(s stream.Step) *event.Failure {
	state := g.follow.State()
	c := state.Challenge
	switch {
	case g.answered, g.mechanism == "PLAIN":
		return stream.Unexpected(event.StageSASL, s.Item.Element, event.WaitLogin)
	case c.Problem != "":
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseServerProof, Detail: c.Problem}
	case !c.Answers(state.Auth):
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseServerProof,
			Detail: "its nonce does not continue ours"}
	case c.Iterations < 1 || c.Iterations > maxIterations:
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseIterations,
			Detail: fmt.Sprintf("it wants %d; we do between 1 and %d", c.Iterations, maxIterations)}
	}
	g.answered = true
	return nil
}

// succeeded looks at the success. The library would take one for a challenge,
// and answer it with a proof over an empty salt. PLAIN has neither a challenge
// nor a signature.
func (g *guard) succeeded() *event.Failure {
	switch {
	case g.mechanism == "PLAIN":
		return nil
	case !g.answered:
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseServerProof,
			Detail: "it accepted the login before it could know the password"}
	case !g.follow.State().Success.Proof:
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseServerProof,
			Detail: "its success carries no signature"}
	}
	return nil
}
