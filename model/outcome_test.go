package model_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

func TestSentence(t *testing.T) {
	const bob, carol = "bob@example.test", "carol@example.test"
	const two = "xmpps://alice:PW@example.test/bob/carol"
	missing := event.Failure{Condition: "service-unavailable"}
	logged := func(more ...event.Event) []event.Event { return then(upTo(event.StageBind), more...) }
	written := item(ok(event.StageSend, chat(bob, event.Written)), "id-"+bob)
	for _, c := range []struct {
		name, url string
		kind      model.Kind
		events    []event.Event
		want      string
	}{
		{"a check", "", model.Check, logged(), "ok after 80 ms, logged in"},
		{"a check of a room", opsURL, model.Check, logged(joined(event.Room{JID: ops, Nick: "alice"})),
			"ok after 90 ms, logged in, 1 room joined"},
		{"a check of a moderated room", opsURL, model.Check,
			logged(joined(event.Room{JID: ops, Nick: "alice", Role: "visitor"})),
			"ok after 90 ms, logged in, 1 room joined, 1 as a visitor, who may not be allowed to speak"},
		{"one of two rooms", opsURL + "/%23dev@conference.example.test", model.Check,
			logged(joined(event.Room{JID: ops, Nick: "alice"}),
				refused("dev@conference.example.test", event.Failure{Condition: "conflict"})),
			"failed at muc after 100 ms, logged in, 1 of 2 rooms joined"},
		{"a check up to tls", "", model.Check, upTo(event.StageTLS), "ok after 50 ms, up to tls"},
		{"a check that fails", "", model.Check, then(upTo(event.StageTCP),
			failed(event.StageStream, nil, silence(event.WaitHeader))), "failed at stream after 30 ms"},
		{"a check that is cancelled", "", model.Check, then(upTo(event.StageTCP),
			failed(event.StageStream, nil, because(event.CauseCancelled))), "cancelled after 30 ms"},
		{"a send", two, model.Send, logged(delivered(chat(bob, event.Accepted)), delivered(chat(carol, event.Received))),
			"ok after 100 ms, 2 of 2: 1 received, 1 taken by the server"},
		{"one of two came back", two, model.Send, logged(delivered(chat(bob, event.Accepted)),
			bounced(chat(carol, event.Written), missing)),
			"failed at ack after 100 ms, 1 of 2: 1 taken by the server; 1 failed: came back"},
		{"one of two is only written", two, model.Send, logged(written, delivered(chat(carol, event.Accepted))),
			"failed after 100 ms, 1 of 2: 1 taken by the server; 1 failed: only written"},
		{"a room that has not reflected", opsURL, model.Send, logged(joined(event.Room{JID: ops, Nick: "alice"}),
			delivered(groupchat(ops, event.Accepted))),
			"failed after 100 ms, 0 of 1; 1 failed: only taken by the server"},
		{"one of two was not sent", two, model.Send, logged(delivered(chat(bob, event.Accepted))),
			"failed after 90 ms, 1 of 2: 1 taken by the server; 1 failed: not sent"},
		{"a send without a login", two, model.Send, noLogin(upTo(event.StageFeatures), event.SASL{},
			because(event.CauseNoPassword)),
			"failed at sasl after 70 ms, nothing was sent"},
		{"a send that is cancelled", "", model.Send, logged(written,
			failed(event.StageAck, nil, because(event.CauseCancelled))),
			"cancelled after 100 ms, 0 of 1; 1 failed: only written"},
	} {
		if got := told(c.kind, c.url, c.events...).Sentence(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	r := model.NewRun(1, model.Send, urlspec.Parse(withCanary(two)), []event.Message{{Body: "hello"}})
	modeltest.Tell(r, upTo(event.StageTCP)...)
	if got, want := r.Sentence(), "under way for 10 ms"; got != want {
		t.Errorf("under way: %q, want %q", got, want)
	}
}

// listed writes rows in lines: "state label: text".
func listed(facts []fact.Fact) string {
	var lines []string
	for _, f := range facts {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s: %s", f.State, f.Label, f.Text)))
	}
	return strings.Join(lines, "\n")
}

func TestRoomFacts(t *testing.T) {
	gone := event.Failure{Cause: event.CauseRoom, Removed: true, Detail: "kicked out of the room by root"}
	for _, c := range []struct {
		name   string
		events []event.Event
		want   string
	}{
		{"not reached", upTo(event.StageTCP), "join: not reached"},
		{"joined", then(upTo(event.StageBind),
			joined(event.Room{JID: ops, Nick: "pager", Role: "participant", Codes: []int{110, 100, 999}})),
			"ok join: joined as pager\nrole: participant\nstatus 110: the room says that this occupant is us\n" +
				"status 100: everybody in the room can see the full JID\nstatus 999: a code that we do not know"},
		{"created, as a visitor, with another nick", then(upTo(event.StageBind),
			joined(event.Room{JID: ops, Nick: "p", Role: "visitor", Codes: []int{201, 210}})),
			"ok join: joined as p\nwarn role: visitor: may listen, and not speak where the room is moderated\n" +
				"warn status 201: the room did not exist and was created by joining\nwarn status 210: the room gave us another nick than we asked for"},
		{"refused", then(upTo(event.StageBind),
			refused(ops, event.Failure{Condition: "conflict", Type: "cancel", Text: "taken"})),
			"fail join: not joined: conflict (\"taken\")\nerror type: cancel"},
		{"no answer", then(upTo(event.StageBind), refused(ops, silence(event.WaitJoin))),
			"fail join: not joined: waited 4 s for the room's answer to our presence, nothing came"},
		{"removed", then(upTo(event.StageBind), joined(event.Room{JID: ops, Nick: "alice"}), refused(ops, gone)),
			"fail join: not joined: the room removed us: kicked out of the room by root"},
	} {
		r := told(model.Check, opsURL, c.events...)
		if got, want := listed(r.RoomFacts(r.Rooms[0])), "room: "+ops+"\n"+c.want; got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, want)
		}
	}
}

func TestDeliveryFacts(t *testing.T) {
	refusal := &event.Failure{Condition: "forbidden", Text: "no"}
	at := func(e event.Evidence, f *event.Failure) event.Delivery {
		d := chat("bob@example.test", e)
		d.Error = f
		return d
	}
	for _, c := range []struct {
		d    event.Delivery
		want string
	}{
		{at(event.NotSent, nil), "fail evidence: not sent"},
		{at(event.NotSent, refusal), `fail evidence: not sent: forbidden ("no")`},
		{at(event.Written, nil), "warn evidence: written to the connection, but nothing shows that it arrived"},
		{at(event.Written, refusal), `fail evidence: came back: forbidden ("no")`},
		{at(event.Accepted, nil), "ok evidence: taken by the server"},
		{at(event.Written, &event.Failure{Condition: "forbidden", Unsure: true}),
			"fail evidence: an error came that may be about it: forbidden"},
		{at(event.Received, nil), "ok evidence: received, the other client says so"},
		{groupchat(ops, event.Accepted), "warn evidence: taken by the server"},
		{groupchat(ops, event.Reflected), "ok evidence: reflected by the room"},
	} {
		r := &model.Run{Done: true, Messages: make([]event.Message, 3)}
		want := "message: " + c.d.To + ", message 1 of 3\n" + c.want
		proves := c.d.Evidence.Proves()
		if c.d.Error != nil && c.d.Error.Unsure {
			proves = "an error came that does not say which message it is about, so nothing shows that the target has this one"
		} else if c.d.Error != nil && c.d.Evidence != event.NotSent {
			proves = "the message was returned with an error, so the target does not have it"
		}
		if proves != "" {
			want += "\nproves: " + proves
		}
		if got := listed(r.DeliveryFacts(c.d)); got != want+"\nstanza id: "+c.d.ID {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0.0 ms", 340 * time.Microsecond: "0.3 ms", 9949 * time.Microsecond: "9.9 ms", 9960 * time.Microsecond: "10 ms",
		47 * time.Millisecond:     "47 ms",
		999499 * time.Microsecond: "999 ms", 999600 * time.Microsecond: "1.00 s", 2500 * time.Millisecond: "2.50 s",
		90 * time.Second: "90.00 s",
	} {
		if got := model.Duration(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
