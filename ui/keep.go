package ui

import (
	"context"
	"strings"

	"xmppscope/model"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// kept is the session that keepalive=yes leaves open between the messages to
// one URL. The zero value is none.
type kept struct {
	keeper *xmppcore.Keeper
	// url and password are what it logged in with.
	url, password string
}

// runnerFor is what does a job. A message to a URL with keepalive=yes goes over
// the session that the one before left open; a run of another URL closes it,
// and so does a check that would take the same resource away from it.
func (s *screen) runnerFor(kind model.Kind, job xmppcore.Job) runner {
	same := s.kept.keeper != nil && s.kept.url == s.url.text && s.kept.password == job.Reading.Password
	sameResource := kind == model.Check && strings.Contains(job.Reading.LoginJID, "/")
	if !same || sameResource {
		s.closeKept()
	}
	if !s.keeps || kind != model.Send || !job.Reading.Keepalive {
		return s.do
	}
	if s.kept.keeper == nil {
		// It outlives the screen's context, so that it can end the stream.
		s.kept = kept{xmppcore.Keep(context.WithoutCancel(s.ctx), job, xmppcore.KeepOptions{Receipts: true}),
			s.url.text, job.Reading.Password}
	}
	keeper := s.kept.keeper
	return func(ctx context.Context, job xmppcore.Job, trace event.Trace) error {
		return keeper.Send(ctx, job.Messages, trace)
	}
}

// closeKept ends the kept session in the background.
func (s *screen) closeKept() {
	if s.kept.keeper == nil {
		return
	}
	ended := make(chan struct{})
	go func(k *xmppcore.Keeper) {
		defer close(ended)
		k.Close()
	}(s.kept.keeper)
	s.kept = kept{}
	s.track(ended)
}
