package stream

import (
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// Follower follows one stream. The zero value follows one that begins in clear;
// set DirectTLS for one whose first byte is TLS. It is not safe for concurrent
// use.
type Follower struct {
	// DirectTLS says that TLS came before the first header.
	DirectTLS bool
	// Plain says that the client will not ask for TLS (mode=none): the first
	// features are those that the login is chosen from.
	Plain bool
	// MaxStanza is how large an element may be once the stream is ready, in
	// bytes; 0 keeps the decoder's limit.
	MaxStanza int
	// Listeners are told each step, in order. The first error ends the stream:
	// Feed returns it, and takes no further bytes.
	Listeners []func(Step) error

	state          State
	offered        bool // the stream's features have come
	sent, received wire.Decoder
	err            error
}

// For is a follower of a stream in one of the modes of a URL.
func For(mode urlspec.Mode) *Follower {
	return &Follower{DirectTLS: mode == urlspec.ModeTLS, Plain: mode == urlspec.ModeNone}
}

// State is what the stream has told so far.
func (f *Follower) State() State {
	if f.state.Stage == "" {
		f.begin()
	}
	return f.state
}

func (f *Follower) begin() {
	f.state.Stage = event.StageStream
	if f.DirectTLS {
		f.state.Stage, f.state.Encrypted, f.state.Securing = event.StageTLS, true, true
	}
}

// Feed takes a chunk. The error is final: a *event.Failure of a step, whatever a
// listener returned, or the decoder's *[wire.SyntaxError] or *[wire.LimitError].
// Steps before the error have been told.
func (f *Follower) Feed(c Chunk) error {
	if f.err != nil {
		return f.err
	}
	if f.state.Stage == "" {
		f.begin()
	}
	decoder := &f.sent
	if c.Received {
		decoder = &f.received
	}
	feed := decoder.Feed
	if c.Cut {
		feed = decoder.FeedCut
	}
	items, err := feed(c.Bytes)
	for _, item := range items {
		if f.err = f.take(c.Received, c.At, item); f.err != nil {
			return f.err
		}
	}
	f.err = err
	return err
}

// End says what it means that the server closes the connection now: see
// [wire.Decoder.End].
func (f *Follower) End() error { return f.received.End() }

// take reads an item and tells what it is.
func (f *Follower) take(received bool, at time.Duration, item wire.Item) error {
	var kind Kind
	var failure *event.Failure
	if received {
		f.state.Received++
		kind, failure = f.receive(item)
	} else {
		if f.state.Position == LoggedIn && provesLogin(item) {
			f.state.Position = Proven
			f.state.Stage = event.StageBind
			if err := f.tell(Step{Kind: Proved, At: at}); err != nil {
				return err
			}
		}
		kind = f.send(item)
	}
	if failure != nil && failure.Stage == "" {
		failure.Stage = f.state.Stage
	}
	if err := f.tell(Step{Kind: kind, Received: received, At: at, Item: item, Failure: failure}); err != nil {
		return err
	}
	if failure != nil { // not returned as it is: a nil *Failure is no nil error
		return failure
	}
	return nil
}

func (f *Follower) tell(s Step) error {
	for _, listen := range f.Listeners {
		if err := listen(s); err != nil {
			return err
		}
	}
	return nil
}

// provesLogin reports whether the client goes on after a login. RFC 6120 opens a
// new stream, XEP-0388 sends stanzas at once; to end the stream proves nothing.
func provesLogin(item wire.Item) bool {
	return item.Kind == wire.Open || item.Element.Is(wire.NSClient, "iq") || item.Element.Is(wire.NSClient, "presence")
}
