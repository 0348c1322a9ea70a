package finding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/urlspec/slixmpp"
	"xmppscope/xmppcore/event"
)

// Seconds that Apprise waits for a room. One that refuses us is waited for all
// the same, unless its error repeats the join's extension: slixmpp takes no other
// error for an answer. ejabberd repeats it, Prosody does not.
const joinWait = 5.0

// appriseThrottle is the pause of Apprise between two messages, and two attempts, in
// seconds.
const appriseThrottle = 5.5

// session follows Apprise through its targets: one after the other, each room
// joined before the message goes out.
type session struct {
	f *facts
	// elapsed is the time that the server takes, waited that of Apprise's own fixed
	// waits, in seconds.
	elapsed, waited float64
	got             []string
	missed          []string // reasons, in order
	unshown         int      // how many of them are that nothing shows the opposite
	// late is set when the time ran out, near when it may have run out, ended when
	// slixmpp stopped early, failed when it takes that for a failure.
	late, near, ended, failed bool
}

// afterLogin judges a run that was logged in.
func (f *facts) afterLogin() Verdict {
	rooms := f.Stage(event.StageMUC)
	if f.failure == nil && (f.Bind == nil || f.Kind == model.Check && rooms != nil && rooms.State == "") {
		return unknown("the run was not to go further")
	}
	s := &session{f: f}
	s.pass(f.took(f.loginStages()...), "the login")
	if f.reading.Roster {
		// Apprise waits for a silent roster only for a part of its time.
		s.pass(min(f.took(event.StageRoster), max(f.budget()/3, 2), 10), "the roster")
	}
	for _, t := range f.reading.Targets {
		if s.late || s.ended {
			break
		}
		s.visit(t)
	}
	if broken := f.breakage(); broken != nil {
		s.missed = []string{"the connection ends before all is sent (" +
			cmp.Or(broken.failure.Condition, string(broken.failure.Cause)) + ")"}
		if f.Kind == model.Check { // it shows of no message that it came before that
			s.got = nil
		}
	}
	// slixmpp waits up to two seconds for the server's end of the stream.
	if !s.late && !s.ended {
		s.pass(min(f.took(event.StageClose), 2), "the end of the session")
	}
	return s.verdict()
}

// pass lets time go by. Once the budget is used up, nothing more is done.
func (s *session) pass(took float64, what string) {
	s.elapsed += took
	over, near := within(s.elapsed, s.f.budget()-s.waited)
	s.near = s.near || near
	if over && !s.late {
		s.late = true
		s.missed = append(s.missed, fmt.Sprintf("%s is reached only after %.1f s, and Apprise's time is over after %s",
			what, s.elapsed+s.waited, seconds(s.f.budget())))
	}
}

// visit is one target.
func (s *session) visit(t urlspec.Address) {
	switch {
	case t.Kind == urlspec.Groupchat && strings.Contains(t.JID, "/"):
		s.ended, s.failed = true, true
		s.missed = append(s.missed, fmt.Sprintf("a room cannot be joined with a resource in its JID (%s), and Apprise ends "+
			"there", t.JID))
		return
	case t.Kind == urlspec.Groupchat && !slixmpp.Takes(t.JID):
		s.missed = append(s.missed, t.JID+" is no JID to slixmpp, and is never joined")
		return
	case !legalJID(t.JID):
		why := t.JID + " is no legal JID: slixmpp sends all the same, and the server answers jid-malformed"
		if t.Kind == urlspec.Groupchat {
			why = t.JID + " is no legal JID, and the server refuses the join"
		}
		s.missed = append(s.missed, why)
		return
	case t.Kind == urlspec.Groupchat && !s.enter(t.JID):
		return
	}
	if why := s.f.undelivered(t.JID); why != "" {
		s.missed = append(s.missed, why)
		if why == unshown(t.JID) {
			s.unshown++
		}
		return
	}
	s.got = append(s.got, t.JID)
}

// enter joins a room and reports whether that worked.
func (s *session) enter(jid string) bool {
	room := s.f.Run.Room(jid)
	var why *facts
	if room != nil {
		why = s.f.roomFailure(room)
	}
	switch {
	case why == nil:
		return s.inside(jid, room)
	case room.Echoed:
		s.missed = append(s.missed, fmt.Sprintf("%s does not let us in (%s)", jid, why.failure.Condition))
		return false
	case why.failure.Cause == event.CauseIllegalStanza:
		s.missed = append(s.missed, jid+" is never joined, since slixmpp refuses the nick")
		return false
	case why.failure.Condition == "" && why.failure.Removed:
		s.missed = append(s.missed, jid+" removes us")
		return false
	}
	s.waited += joinWait
	if s.elapsed+s.waited >= s.f.budget() {
		s.late = true
		s.missed = append(s.missed, fmt.Sprintf("%s does not let us in, and Apprise waits for it until its time "+
			"is over (\"timed out after %.2fs\")", jid, s.f.budget()))
		return false
	}
	s.missed = append(s.missed, jid+" does not let us in")
	return false
}

// inside judges a room that lets us in, and reports whether its occupants would get
// the message. room is nil where nothing was told of it.
func (s *session) inside(jid string, room *event.Room) bool {
	if took := s.f.joinTime(jid); took > joinWait {
		s.waited += joinWait
		s.missed = append(s.missed, fmt.Sprintf("%s takes %.1f s to let us in, and Apprise waits only %s", jid, took,
			seconds(joinWait)))
		return false
	} else if s.pass(took, jid); s.late {
		return false
	}
	switch {
	case room == nil:
	case slices.Contains(room.Codes, 201):
		s.missed = append(s.missed, jid+" does not exist: joining creates it, and nobody is there to read")
		return false
	case s.f.Kind == model.Check && room.Role == "visitor":
		s.missed = append(s.missed, jid+" lets us in as a visitor, and visitors of a moderated room cannot speak")
		return false
	}
	return true
}

// joinTime is how long a room took to let us in, in seconds.
func (f *facts) joinTime(jid string) float64 {
	last, events := f.RoomTrail(jid)
	if last == nil {
		return 0
	}
	first, found := slices.BinarySearchFunc(f.Events, events[0], func(e event.Event, seq int) int { return e.Seq - seq })
	if !found {
		return 0
	}
	return max(0, (last.At - f.Events[first].At).Seconds())
}

// undelivered is why the messages to a target would not arrive, "" when they
// would, as far as we know.
func (f *facts) undelivered(jid string) string {
	for i := range f.Deliveries {
		d := &f.Deliveries[i]
		switch {
		case d.To != jid || d.Error == nil && d.Evidence.Suffices(d.Kind): // Apprise asks for no receipt
		case d.Error != nil:
			return fmt.Sprintf("the message to %s comes back (%s), which Apprise does not wait for", jid, d.Error.Condition)
		case f.deliveryFailed(d, event.CauseIllegalStanza):
			return "the message holds a character that XML cannot carry, and the server ends the stream"
		case f.deliveryFailed(d, event.CauseTooBig):
			return "the message is larger than the server takes, and the server ends the stream"
		default:
			return unshown(jid)
		}
	}
	return ""
}

// unshown is the reason for a message that may have arrived.
func unshown(jid string) string { return "nothing shows that the message to " + jid + " arrives" }

func (f *facts) deliveryFailed(d *event.Delivery, cause event.Cause) bool {
	why := f.deliveryFailure(d)
	return why != nil && why.failure.Cause == cause
}

func (s *session) verdict() Verdict {
	v := Verdict{WouldReport: ReportsSuccess, WouldDeliver: len(s.missed) == 0}
	switch {
	case s.late || s.failed:
		v.WouldReport = ReportsFailure
	case s.near:
		v.WouldReport = ReportsEither
	}
	switch {
	case v.WouldDeliver && s.f.Kind == model.Check:
		v.Because = "the login works" + s.rooms() + "; whether each user takes the message, only sending it shows"
	case v.WouldDeliver:
		v.Because = "the login works, and " + s.f.shown()
	default:
		v.Because, v.unshown = strings.Join(s.missed, "; "), s.unshown == len(s.missed)
		if s.f.Kind == model.Send { // a check shows nothing of what would arrive
			v.DeliversTo = s.got
		} else {
			v.partly = len(s.got) > 0
		}
		if v.WouldReport == ReportsSuccess {
			v.Because += ". Apprise looks only at the login"
		}
	}
	if v.WouldReport == ReportsEither {
		v.Because += fmt.Sprintf("; the session takes about %.1f s, and Apprise gives it %s", s.elapsed+s.waited,
			seconds(s.f.budget()))
	}
	v.Because += s.pauses()
	if s.f.TCP != nil && s.f.TCP.Proxy != "" {
		v.Because += "; provided that it comes to the server without the proxy, which it does not use"
	}
	return v
}

// shown is what the evidence of the deliveries shows: a server that took a message
// may still lose it, as one does that drops what strangers send.
func (f *facts) shown() string {
	for i := range f.Deliveries {
		if f.Deliveries[i].Evidence == event.Accepted {
			return "the server took every message and sent none back"
		}
	}
	return "every target took the message"
}

func (s *session) rooms() string {
	for _, t := range s.f.reading.Targets {
		if t.Kind == urlspec.Groupchat {
			return " and every room lets us in"
		}
	}
	return ""
}

// pauses says how long Apprise pauses between the parts of a long message.
func (s *session) pauses() string {
	parts := len(s.f.Messages)
	if parts < 2 || s.late || s.ended {
		return ""
	}
	all := float64(parts-1)*appriseThrottle + float64(parts)*(s.elapsed+s.waited)
	return fmt.Sprintf("; it sends the message in %d parts and pauses %s between them, so that all take about %.0f s",
		parts, seconds(appriseThrottle), all)
}
