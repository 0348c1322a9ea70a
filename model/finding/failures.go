package finding

import (
	"slices"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// failures lists what failed, each thing once: what ended the connection, then
// every room that did not let us in, then every delivery that failed for a
// reason of its own.
func (r run) failures() []*facts {
	var all []*facts
	whole := r.breakage()
	if whole != nil {
		all = append(all, whole)
	}
	seen := map[string]bool{} // two targets may name one room, in two spellings
	for i := range r.Rooms {
		if f := r.roomFailure(&r.Rooms[i]); f != nil && !seen[f.item] {
			seen[f.item] = true
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

func (r run) about(failure *event.Failure, events []int) *facts {
	return &facts{run: r, reading: r.Spec.Reading, failure: failure, events: events}
}

// breakage is the first failure that was the whole connection's, nil when only
// rooms and deliveries failed, or nothing.
func (r run) breakage() *facts {
	events := r.Current()
	for i := range events {
		e := &events[i]
		if e.State == event.Fail && e.Failure != nil && !ofItem(e) {
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
// whether as an item or as the end of the stage.
func ofItem(e *event.Event) bool {
	switch e.Stage {
	case event.StageMUC, event.StageSend, event.StageAck, event.StageClose:
		return itemCause(e.Failure)
	}
	return false
}

// itemCause reports whether a failure is one of a room or a delivery, after
// which the session goes on. A deadline is when it was the room or the ping
// that did not answer; a server that does not even read is gone.
func itemCause(f *event.Failure) bool {
	switch f.Cause {
	case event.CauseRoom, event.CauseCaptcha, event.CauseOddAnswer, event.CauseBounced:
		return true
	case event.CauseIllegalStanza:
		return f.Stage != event.StageSASL // else it is the login JID
	case event.CauseTooBig:
		return f.Limit > 0
	case event.CauseTimeout:
		switch f.Stage {
		case event.StageMUC, event.StageSend, event.StageAck:
			return f.Waiting != event.WaitReader
		}
	}
	return false
}

// roomFailure is why a room is not joined (any more), nil when it is, or when
// the end of the connection is the reason.
func (r run) roomFailure(room *event.Room) *facts {
	last, events := r.RoomTrail(room.JID)
	if last == nil || last.State != event.Fail || last.Failure == nil || !itemCause(last.Failure) {
		return nil
	}
	f := r.about(last.Failure, events)
	f.room, f.item = room, last.Item
	return f
}

func (r run) roomFailed(jid string) bool {
	room := r.Room(jid)
	return room != nil && r.roomFailure(room) != nil
}

// deliveryFailure is why a delivery failed, nil when it did not, or not by
// itself.
func (r run) deliveryFailure(d *event.Delivery) *facts {
	if d.ID == "" {
		return nil
	}
	last, events := r.ItemTrail(d.ID)
	if last == nil || last.State != event.Fail || last.Failure == nil || !itemCause(last.Failure) {
		return nil
	}
	f := r.about(last.Failure, events)
	f.delivery, f.item = d, last.Item
	return f
}

func (r run) roomEvents(jid string) []int {
	_, events := r.RoomTrail(jid)
	return events
}

func (r run) itemEvents(item string) []int {
	_, events := r.ItemTrail(item)
	return events
}

func (r run) stageEvents(name event.Stage) []int {
	if s := r.Stage(name); s != nil {
		return slices.Clone(s.Events)
	}
	return nil
}
