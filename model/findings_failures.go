package model

import (
	"slices"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
)

// failures lists what failed, each thing once: what ended the connection, then
// every room that did not let us in, then every delivery that failed for a
// reason of its own.
func (r *Run) failures() []*facts {
	var all []*facts
	whole := r.breakage()
	if whole != nil {
		all = append(all, whole)
	}
	for i := range r.Rooms {
		if f := r.roomFailure(&r.Rooms[i]); f != nil && !sameEvents(all, f) {
			all = append(all, f)
		}
	}
	for i := range r.Deliveries {
		d := &r.Deliveries[i]
		if d.Kind == string(urlspec.Groupchat) && r.roomFailed(d.To) {
			continue // the room's finding says why
		}
		if f := r.deliveryFailure(d); f != nil {
			all = append(all, f)
		}
	}
	if len(all) == 0 && r.Failure != nil {
		all = append(all, r.about(r.Failure, r.stageEvents(r.Failure.Stage)))
	}
	return all
}

func (r *Run) about(failure *xmppcore.Failure, events []int) *facts {
	return &facts{Run: r, reading: r.Spec.Reading, failure: failure, events: events}
}

// breakage is the first failure that was the whole connection's, nil when only
// rooms and deliveries failed, or nothing.
func (r *Run) breakage() *facts {
	for i := range r.Events {
		e := &r.Events[i]
		if e.State == xmppcore.Fail && e.Failure != nil && !ofItem(e) {
			events := r.stageEvents(e.Stage)
			if e.Item != "" {
				events = []int{e.Seq}
			}
			return r.about(e.Failure, events)
		}
	}
	if f := r.Failure; f != nil && !itemCause(f) {
		return r.about(f, r.stageEvents(f.Stage))
	}
	return nil
}

// ofItem reports whether an event tells the failure of one room or delivery,
// be it as its item or as the sum of its stage.
func ofItem(e *xmppcore.Event) bool {
	switch e.Stage {
	case xmppcore.StageMUC, xmppcore.StageSend, xmppcore.StageAck:
		return itemCause(e.Failure)
	}
	return false
}

// itemCause reports whether a failure is one of a room or a delivery, after
// which the session goes on. A deadline is when it was the room or the ping
// that did not answer; a server that does not even read has left us.
func itemCause(f *xmppcore.Failure) bool {
	switch f.Cause {
	case xmppcore.CauseRoom, xmppcore.CauseBounced:
		return true
	case xmppcore.CauseIllegalStanza:
		return f.Stage != xmppcore.StageSASL // else it is the login JID
	case xmppcore.CauseTooBig:
		return f.Limit > 0
	case xmppcore.CauseTimeout:
		switch f.Stage {
		case xmppcore.StageMUC, xmppcore.StageSend, xmppcore.StageAck:
			return f.Waiting != waitingToRead
		}
	}
	return false
}

// waitingToRead is what a session waits for while it writes.
const waitingToRead = "the server to read on"

// roomFailure is why a room is not joined (any more), nil when it is, or when
// the end of the connection took it along.
func (r *Run) roomFailure(room *xmppcore.RoomData) *facts {
	last, events := r.lastOf(ofRoom(room.JID))
	if last == nil || last.State != xmppcore.Fail || last.Failure == nil || !itemCause(last.Failure) {
		return nil
	}
	f := r.about(last.Failure, events)
	f.room = room
	return f
}

func (r *Run) roomFailed(jid string) bool {
	room := r.room(jid)
	return room != nil && r.roomFailure(room) != nil
}

// deliveryFailure is why a delivery failed, nil when it did not, or not by
// itself.
func (r *Run) deliveryFailure(d *xmppcore.DeliveryData) *facts {
	if d.ID == "" {
		return nil
	}
	last, events := r.lastOf(ofItemNamed(d.ID))
	if last == nil || last.State != xmppcore.Fail || last.Failure == nil || !itemCause(last.Failure) {
		return nil
	}
	f := r.about(last.Failure, events)
	f.delivery = d
	return f
}

// sameEvents reports whether one of the facts is told by the events of f: two
// targets that name one room in two spellings fail together.
func sameEvents(all []*facts, f *facts) bool {
	item := func(f *facts) string {
		for _, e := range f.Events {
			if len(f.events) > 0 && e.Seq == f.events[0] {
				return e.Item
			}
		}
		return ""
	}
	return slices.ContainsFunc(all, func(g *facts) bool { return g.room != nil && item(g) == item(f) })
}

// lastOf gives the last event that belongs to something, and the numbers of all
// of them.
func (r *Run) lastOf(belongs func(*xmppcore.Event) bool) (last *xmppcore.Event, events []int) {
	for i := range r.Events {
		if e := &r.Events[i]; belongs(e) {
			last, events = e, append(events, e.Seq)
		}
	}
	return last, events
}

func ofRoom(jid string) func(*xmppcore.Event) bool {
	return func(e *xmppcore.Event) bool {
		d, ok := e.Data.(xmppcore.RoomData)
		return ok && d.JID == jid
	}
}

func ofItemNamed(item string) func(*xmppcore.Event) bool {
	return func(e *xmppcore.Event) bool { return e.Item == item }
}

func (r *Run) roomEvents(jid string) []int {
	_, events := r.lastOf(ofRoom(jid))
	return events
}

func (r *Run) itemEvents(item string) []int {
	_, events := r.lastOf(ofItemNamed(item))
	return events
}

func (r *Run) stageEvents(name xmppcore.Stage) []int {
	if s := r.Stage(name); s != nil {
		return slices.Clone(s.Events)
	}
	return nil
}
