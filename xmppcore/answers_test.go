package xmppcore

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// world is a session in the middle of a send, without a network: three messages
// to bob, one to carol, two to a room.
type world struct {
	session *session
	all     []*delivery
	events  []event.Event
}

const den = "den@rooms.example.test"

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{}
	job := Job{Reading: urlspec.Reading{Accepted: true, LoginJID: "alice@example.test", StreamTo: "example.test",
		Nick: "alice", RTO: 1, CTO: 1}}
	for _, to := range []string{"bob@example.test", "bob@example.test", "bob@example.test", "carol@example.test"} {
		job.Reading.Targets = append(job.Reading.Targets, urlspec.Address{Kind: urlspec.Chat, JID: to})
	}
	for range 2 {
		job.Reading.Targets = append(job.Reading.Targets, urlspec.Address{Kind: urlspec.Groupchat, JID: den})
	}
	job.Messages = []event.Message{{Body: "hi"}}
	rec := newRecorder(event.Trace{Event: func(e event.Event) { w.events = append(w.events, e) }}, job)
	r := &run{job: job, rec: rec, note: newNotification(job.Messages)}
	var failure *event.Failure
	if r.dest, failure = newDestination(job.Reading); failure != nil {
		t.Fatal(failure)
	}
	r.note.address(r.dest, "")
	s := newSession(r, nil, nil, nil, nil, nil)
	s.jid = "alice@example.test/here"
	in := &room{jid: den, written: []string{den}, nick: "alice", answered: true, reported: true, joined: true}
	s.rooms, s.byJID[den] = []*room{in}, in
	w.session, w.all = s, s.load(r.note)
	return w
}

// write sends a message.
func (w *world) write(d *delivery) {
	d.out, d.data.Evidence = true, event.Written
	w.session.waiting[d.bare] = append(w.session.waiting[d.bare], d)
}

// hear takes a stanza.
func (w *world) hear(t *testing.T, text string) {
	t.Helper()
	var decoder wire.Decoder
	items, err := decoder.Feed([]byte("<stream:stream xmlns='jabber:client' " +
		"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>" + text))
	if err != nil || len(items) != 2 {
		t.Fatalf("%s: %d items, %v", text, len(items), err)
	}
	w.session.take(items[1])
}

// truth is what may be said of the deliveries, kept by the test itself.
type truth struct{ out, acked, refused, doubted, proven, reflected, kicked bool }

// good says whether a message counts as a success.
func (x truth) good(toRoom bool) bool {
	switch {
	case x.refused, x.doubted && !x.proven, x.kicked && !x.proven:
		return false
	case toRoom:
		return x.proven || x.reflected
	}
	return x.proven || x.acked
}

// TestAnyOrder: in whatever order messages go out and errors, reflections,
// receipts, kicks, tasks and answers to pings come in, no message with an error about it
// is a success, and every other that has its evidence is one.
func TestAnyOrder(t *testing.T) {
	const refusal = "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
	for seed := range uint64(4000) {
		random := rand.New(rand.NewPCG(seed, 14))
		w := newWorld(t)
		facts := make([]truth, len(w.all))
		var told []string
		doubt := func(to string) {
			for i, d := range w.all {
				if x := &facts[i]; d.bare == to && x.out && !x.proven {
					x.doubted = true
				}
			}
		}
		kicked, next := false, 0
		for range 12 {
			i := random.IntN(len(w.all))
			d, x := w.all[i], &facts[i]
			stanza := ""
			what := random.IntN(10)
			switch {
			case what < 3 && next < len(w.all):
				if d = w.all[next]; d.toRoom() && kicked {
					continue
				}
				w.write(d)
				facts[next].out = true
				told = append(told, fmt.Sprint("write ", next))
				next++
				continue
			case !x.out:
				continue
			case what == 3:
				stanza = fmt.Sprintf("<message type='error' id='%s' from='%s'>%s</message>", d.data.ID,
					[]string{d.bare, "example.test", "alice@example.test"}[random.IntN(3)], refusal)
				x.refused = true
			case what == 4:
				id := []string{"", " id=''", " id='other'"}[random.IntN(3)]
				from := []string{d.bare, bareDomain(d.bare)}[random.IntN(2)]
				stanza = fmt.Sprintf("<message type='error'%s from='%s'>%s</message>", id, from, refusal)
				if doubt(d.bare); from == "example.test" { // our server speaks for everybody
					for _, other := range w.all {
						doubt(other.bare)
					}
				}
			case what == 9: // it is held back until somebody does a task
				sid := []string{"", d.data.ID}[random.IntN(2)]
				stanza = fmt.Sprintf("<message from='%s'><captcha xmlns='urn:xmpp:captcha'><x xmlns='jabber:x:data'>"+
					"<field var='sid'><value>%s</value></field></x></captcha></message>", d.bare, sid)
				if x.doubted = x.doubted || !x.proven; sid == "" {
					doubt(d.bare)
				}
			case what == 5 && d.toRoom():
				stanza = fmt.Sprintf("<message type='groupchat' id='%s' from='%s/alice'><body>hi</body></message>", d.data.ID,
					d.bare)
				x.proven = true
			case what == 5:
				stanza = fmt.Sprintf("<message from='%s/x'><received xmlns='urn:xmpp:receipts' id='%s'/></message>", d.bare,
					d.data.ID)
				x.proven = true
			case what == 6 && d.toRoom() && !kicked:
				kicked = true
				stanza = "<presence type='unavailable' from='" + den + "/alice'><x xmlns='http://jabber.org/protocol/muc#user'>" +
					"<item role='none' affiliation='none'/><status code='307'/><status code='110'/></x></presence>"
				for j, other := range w.all {
					if y := &facts[j]; other.toRoom() && y.out && !y.proven {
						y.kicked = true
					}
				}
			case what == 7: // of somebody else, or a copy
				stanza = []string{"<message type='error' from='eve@example.test'>" + refusal + "</message>",
					"<message type='error' from='" + den + "/eve'>" + refusal + "</message>",
					"<message type='error' from='alice@example.test'><received xmlns='urn:xmpp:carbons:2'/></message>",
				}[random.IntN(3)]
			case what == 8:
				told = append(told, "pong")
				w.session.confirmed(w.all)
				for j := range facts {
					facts[j].acked = facts[j].acked || facts[j].out
				}
				continue
			}
			if stanza != "" {
				told = append(told, stanza)
				w.hear(t, stanza)
			}
		}
		w.session.run.rec.start(event.StageAck, "")
		w.session.judge(w.all, nil)
		for i, d := range w.all {
			if got, want := d.good(), facts[i].good(d.toRoom()); got != want || d.known().Good() != want {
				t.Fatalf("seed %d, message %d to %s: good %v and %v, want %v: %+v, %v\n%s", seed, i, d.bare, got, d.known().Good(),
					want, d.data, d.failure, strings.Join(told, "\n"))
			}
		}
	}
}

// TestEarlierMessage: what comes back of an earlier notification of a session that is
// kept is a warning, and takes nothing from this one.
func TestEarlierMessage(t *testing.T) {
	w := newWorld(t)
	id := w.all[0].data.ID
	w.write(w.all[0])
	w.session.unload()
	note := newNotification(w.session.run.note.messages)
	note.address(w.session.run.dest, "")
	w.all = w.session.load(note)
	w.write(w.all[0])
	w.hear(t, "<message type='error' id='"+id+"' from='bob@example.test'><error type='cancel'>"+
		"<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")
	w.session.confirmed(w.all[:1])
	w.session.run.rec.start(event.StageAck, "")
	w.session.reportDeliveries()
	warned := false
	for _, e := range w.events {
		warned = warned || e.State == event.Warn && e.Item == id && strings.Contains(e.Text, "earlier message")
	}
	if !warned || !w.all[0].good() {
		t.Errorf("warned %v, %+v: %+v", warned, w.all[0].data, w.events)
	}
}
