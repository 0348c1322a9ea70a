package xmppcore

import (
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/stream"
)

// clock bounds each step of the server up to the login: it is a listener of the
// stream's follower, and sets the deadlines of the watch.
type clock struct {
	run    *run
	watch  *watch
	follow *stream.Follower
	// mechanism names the one that the login takes; nil where there is none.
	mechanism func() string
}

// begin expects the server's first step.
func (c *clock) begin() {
	if c.follow.State().Encrypted {
		c.securing()
		return
	}
	c.expect(event.WaitHeader)
}

func (c *clock) securing() {
	c.watch.expect(c.run.stage(event.StageTLS), event.WaitHandshake, c.run.connectLeft())
}

// expect gives the server as long as an answer may take.
func (c *clock) expect(what event.Wait) {
	c.watch.expect(c.run.stage(c.follow.State().Stage), what, c.run.dest.Answer)
}

// step is told each step of the stream.
func (c *clock) step(s stream.Step) error {
	switch s.Kind {
	case stream.Opening:
		c.expect(event.WaitHeader)
	case stream.Greeted:
		c.expect(event.WaitFeatures)
	case stream.Offered:
		if c.mechanism != nil && c.follow.State().Position == stream.Choosing {
			c.expect(event.WaitMechanism(c.mechanism()))
		}
	case stream.AskedTLS:
		c.expect(event.WaitConsent)
	case stream.Consented:
		c.securing()
	case stream.Chose:
		c.expect(event.WaitChallenge)
	case stream.Challenged: // it is our turn: a key out of the password may take a second
		c.watch.rest()
	case stream.Responded:
		c.expect(event.WaitLogin)
	case stream.Succeeded:
		c.watch.expect(event.StageSASL, event.WaitRestart, c.run.dest.Answer)
	case stream.Asked:
		c.expect(event.WaitResource)
	case stream.Present:
		c.watch.rest()
	}
	return nil
}
