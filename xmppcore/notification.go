package xmppcore

import (
	"context"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// notification is the messages of one job on their way to all targets. It
// outlives the sessions that carry it: each attempt takes what is left.
type notification struct {
	messages []event.Message
	// deliveries are in Apprise's order: each message to all targets, then the
	// next message. They are nil until the first attempt knows the targets.
	deliveries []*delivery
}

func newNotification(messages []event.Message) *notification {
	return &notification{messages: messages}
}

// address makes the deliveries, once.
func (n *notification) address(p destination, need event.Evidence) {
	if n.deliveries != nil {
		return
	}
	for i, m := range n.messages {
		unfit := sendable(m)
		for _, t := range p.Targets {
			d := &delivery{body: m.Body, unfit: unfit, bare: bare(t.Written),
				data: event.Delivery{To: wire.Safe(t.Written), Kind: string(t.Kind), Message: i + 1, ID: newID(),
					Need: need.Raised(string(t.Kind))}}
			to := t.Written
			if t.Kind == urlspec.Groupchat {
				to = d.bare
			}
			if t.Failure != nil {
				d.unfit = t.Failure
			}
			d.remote = t.Failure == nil && t.Kind == urlspec.Chat && t.JID.Domainpart() != p.Login.Domainpart()
			d.stanza = messageStanza(to, t.Kind, d.data.ID, m)
			n.deliveries = append(n.deliveries, d)
		}
	}
}

// left are the deliveries that an attempt has to make.
func (n *notification) left() []*delivery {
	var left []*delivery
	for _, d := range n.deliveries {
		if !d.settled {
			left = append(left, d)
		}
	}
	return left
}

// rooms are those that something is left for, by their bare JIDs.
func (n *notification) rooms() map[string]bool {
	rooms := map[string]bool{}
	for _, d := range n.deliveries {
		if !d.settled && d.toRoom() {
			rooms[d.bare] = true
		}
	}
	return rooms
}

// taken reports whether a delivery has the evidence of its kind. Without the receipt
// that was asked for it has failed, and yet is not sent a second time.
func (d *delivery) taken() bool { return d.data.Evidence.Suffices(d.data.Kind) }

// retry settles what an attempt decided and reports whether another attempt
// has something to do that may succeed. broken is why the attempt broke off, or
// nil. The session of the attempt has ended, or is at rest.
func (n *notification) retry(ctx context.Context, broken *event.Failure) bool {
	for _, d := range n.deliveries {
		d.settled = d.settled || d.taken() || d.failure != nil && !d.failure.Temporary()
	}
	if ctx.Err() != nil || broken != nil && !broken.Temporary() {
		return false
	}
	return len(n.left()) > 0
}

// failure is why the last attempt did not do all that was left: what it told
// first, else what an earlier attempt was told for good. It is nil when every
// delivery is good.
func (n *notification) failure(rec *recorder) *event.Failure {
	if f := rec.failure(); f != nil {
		return f
	}
	for _, d := range n.deliveries {
		if d.failure != nil {
			return rec.filter.failure(d.failure)
		}
	}
	return nil
}

// result is failure as an error.
func (n *notification) result(rec *recorder) error {
	if f := n.failure(rec); f != nil {
		return f
	}
	return nil
}

// begin prepares a delivery for an attempt. What an earlier one had written may
// have arrived, which is not forgotten.
func (d *delivery) begin() {
	d.before = event.Higher(d.before, d.data.Evidence)
	d.data.Evidence, d.data.Error, d.data.Changed = event.NotSent, nil, false
	d.data.RoomService, d.data.Listed = false, false
	d.reported, d.reportedText = event.Delivery{}, ""
	d.failure, d.room, d.out, d.own, d.proven, d.guessed = d.unfit, nil, false, false, false, false
}

// good reports whether a delivery has the evidence that counts as success.
func (d *delivery) good() bool {
	return d.failure == nil && d.data.Evidence != event.NotSent && !d.open()
}

// known is the facts with the evidence of all attempts.
func (d *delivery) known() event.Delivery {
	data := d.data
	data.Evidence = event.Higher(d.before, data.Evidence)
	return data
}
