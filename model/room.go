package model

import (
	"cmp"
	"strconv"

	"xmppscope/model/fact"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// RoomFacts are the rows of a room: its address, whether we are joined, and
// what the room told with that.
func (r *Run) RoomFacts(room event.Room) []fact.Fact {
	var f fact.Rows
	f.Heading("room", room.JID)
	f = append(f, r.JoinFact(room))
	if room.Error != nil {
		f.Value("error type", room.Error.Type)
		f.Value("from", room.Error.By)
	}
	if room.Role == "visitor" {
		f.Judged(event.Warn, "role", "visitor: may listen, and not speak where the room is moderated")
	} else {
		f.Value("role", room.Role)
	}
	for _, code := range room.Codes {
		status := roomStatus[code]
		f.Judged(status.state, "status "+strconv.Itoa(code), cmp.Or(status.means, "a code that we do not know"))
	}
	return f
}

// JoinFact says whether a room is joined, and why it is not.
func (r *Run) JoinFact(room event.Room) fact.Fact {
	var f fact.Rows
	switch why := r.whyNotJoined(room.JID); {
	case room.Joined:
		f.Judged(event.OK, "join", "joined as "+room.Nick)
	case room.Error != nil:
		f.Judged(event.Fail, "join", fact.WithReason("not joined", room.Error.Answer()))
	case why != "":
		f.Judged(event.Fail, "join", fact.WithReason("not joined", why))
	default:
		f.Value("join", notReached)
	}
	return f[0]
}

// whyNotJoined is what the run said last of a room that let us in no more, or
// never; empty when it said nothing.
func (r *Run) whyNotJoined(jid string) string {
	if t := r.items[jid]; t != nil {
		return t.failed
	}
	return ""
}

// roomStatus is what the status codes in a room's presence mean (XEP-0045
// 15.6.2), and how good that is.
var roomStatus = map[int]struct {
	means string
	state event.State
}{
	100:                    {"everybody in the room can see the full JID", ""},
	wire.StatusSelf:        {"the room says that this occupant is us", ""},
	170:                    {"what is said here is logged where others can read it", ""},
	wire.StatusCreated:     {"the room did not exist and was created by joining", event.Warn},
	wire.StatusNickChanged: {"the room gave us another nick than we asked for", event.Warn},
	wire.StatusBanned:      {"banned from the room", event.Fail},
	wire.StatusNewNick:     {"the nick changes", ""},
	wire.StatusKicked:      {"kicked out of the room", event.Fail},
	wire.StatusNotMember:   {"removed, because the affiliation changed", event.Fail},
	wire.StatusMembersOnly: {"removed, because the room is for members only now", event.Fail},
	wire.StatusShutdown:    {"removed, because the service shuts down", event.Fail},
	wire.StatusError:       {"removed for a technical reason", event.Fail},
}
