package finding

import (
	"testing"

	"xmppscope/model"
	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// TestHelped: what passes more on its way, whatever it is called, is further.
func TestHelped(t *testing.T) {
	const room = "xmpps://alice:pw@example.test/%23ops@conference.example.test"
	check := func(events ...event.Event) *model.Run { return modeltest.Told(model.Check, room, events...) }
	refused := modeltest.Because(event.CauseRefused)
	nothing := check(modeltest.Failed(event.StageTCP, nil, refused))
	hungUp := check(modeltest.Then(modeltest.UpTo(event.StageTCP),
		modeltest.Failed(event.StageStream, nil, modeltest.Because(event.CauseClosed)))...)
	noTLS := check(modeltest.Then(modeltest.UpTo(event.StageTCP),
		modeltest.Failed(event.StageTLS, nil, modeltest.Because(event.CauseNotTLS)))...)
	noRoom := check(modeltest.Then(modeltest.UpTo(event.StageBind),
		modeltest.Refused(modeltest.Ops, event.Failure{Condition: "conflict"}))...)
	fine := check(modeltest.Then(modeltest.UpTo(event.StageBind),
		modeltest.Joined(event.Room{JID: modeltest.Ops, Nick: "alice"}))...)
	for _, c := range []struct {
		name          string
		before, after *model.Run
		want          bool
	}{
		{"it connects now", nothing, hungUp, true},
		{"another failure of the same place", hungUp, noTLS, false},
		{"the same failure", hungUp, hungUp, false},
		{"it logs in now", noTLS, noRoom, true},
		{"the room lets us in now", noRoom, fine, true},
		{"worse", noRoom, nothing, false},
		{"well before and after", fine, fine, true},
	} {
		if got := Helped(c.before, c.after); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestUndoes(t *testing.T) {
	read := func(rest string) urlspec.Reading {
		return urlspec.Parse("xmpps://alice:pw@example.test" + rest).Reading
	}
	for _, c := range []struct {
		before, after, next string
		want                bool
	}{
		{"", "?mode=tls", "?mode=starttls", true},
		{"", "?mode=tls", "?mode=tls&name=x", false},
		{"", "?xmpp=a.test", "", true},
		{"", "?xmpp=a.test", "?xmpp=b.test", false},
		{"?scramplus=no", "", "?scramplus=no&roster=yes", true},
		{"", "?name=a_notify", "?name=a_notify&scramplus=no", false},
	} {
		if got := Undoes(read(c.before), read(c.after), read(c.next)); got != c.want {
			t.Errorf("%q to %q, then %q: %v", c.before, c.after, c.next, got)
		}
	}
}
