package finding

import (
	"cmp"
	"fmt"
	"strings"

	"xmppscope/model"
	"xmppscope/model/inspect"
	"xmppscope/urlspec"
	"xmppscope/urlspec/slixmpp"
	"xmppscope/xmppcore/event"
)

// Seconds that Apprise waits for a room. One that refuses us is waited for all
// the same, unless its error repeats the join's extension: slixmpp takes no other
// error for an answer. ejabberd repeats it, Prosody does not.
const joinWait = 5.0

// session follows Apprise through its targets: one after the other, each room
// joined before the message goes out.
type session struct {
	f       *facts
	elapsed float64 // seconds
	got     []string
	missed  []string // reasons, in order
	// late is set when the time ran out, ended when slixmpp stopped early, failed
	// when it takes that for a failure.
	late, ended, failed bool
}

// afterLogin judges a run that was logged in.
func (f *facts) afterLogin() (Verdict, bool) {
	rooms := f.Stage(event.StageMUC)
	if f.failure == nil && (f.Bind == nil || f.Kind == model.Check && rooms != nil && rooms.State == "") {
		return Verdict{}, false // the run was not to go further
	}
	s := &session{f: f}
	if f.reading.Roster && f.rosterSilent() {
		s.elapsed += min(max(f.budget()/3, 2), 10)
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
	}
	return s.verdict(), true
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
		return true
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
	s.elapsed += joinWait
	if s.elapsed >= s.f.budget() {
		s.late = true
		s.missed = append(s.missed, fmt.Sprintf("%s does not let us in, and Apprise waits until its time "+
			"is over (\"timed out after %.2fs\")", jid, s.f.budget()))
		return false
	}
	s.missed = append(s.missed, jid+" does not let us in")
	return false
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
			return "nothing shows that the message to " + jid + " arrives"
		}
	}
	return ""
}

func (f *facts) deliveryFailed(d *event.Delivery, cause event.Cause) bool {
	why := f.deliveryFailure(d)
	return why != nil && why.failure.Cause == cause
}

// rosterSilent reports whether the roster was waited for in vain.
func (f *facts) rosterSilent() bool {
	s := f.Stage(event.StageRoster)
	return s != nil && s.Failure != nil && s.Failure.Cause == event.CauseTimeout
}

func (s *session) verdict() Verdict {
	v := Verdict{WouldReport: ReportsSuccess, WouldDeliver: len(s.missed) == 0}
	if s.late || s.failed {
		v.WouldReport = ReportsFailure
	}
	switch {
	case v.WouldDeliver && s.f.Kind == model.Check:
		v.Because = "the login works" + s.rooms() + "; whether each user takes the message, only sending it shows"
	case v.WouldDeliver:
		v.Because = "the login works, and " + s.f.shown()
	default:
		v.Because = strings.Join(s.missed, "; ")
		if s.f.Kind == model.Send { // a check shows nothing of what would arrive
			v.DeliversTo = s.got
		} else {
			v.partly = len(s.got) > 0
		}
		if v.WouldReport == ReportsSuccess {
			v.Because += ". Apprise looks only at the login"
		}
	}
	v.Because += s.doubt()
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

// doubt says what cannot be known from here: whether Apprise trusts the
// certificate's authority.
func (s *session) doubt() string {
	f := s.f
	if f.TCP != nil && f.TCP.Proxy != "" {
		return "; provided that it comes to the server without the proxy, which it does not use"
	}
	if !f.reading.Verify || f.TLS == nil || f.reading.Mode == urlspec.ModeNone ||
		inspect.AuthorityOf(f.TLS) != inspect.AuthorityUnknown {
		return ""
	}
	return "; provided that Apprise's own list of authorities (certifi), which we cannot see, has the certificate's issuer"
}
