package xmppcore_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/urlspec/growthtest"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// TestGrowth: four times the rooms, that all refuse us, or the people, take four
// times as long: less than five where nothing else runs, and less than eight beside
// other tests. A loop in a loop would be sixteen.
func TestGrowth(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{FixedRooms: true})
	for _, test := range []struct {
		name   string
		target func(n int) urlspec.Address
	}{
		{"rooms that refuse", func(n int) urlspec.Address { return room(fmt.Sprintf("r%d@conference.localhost", n)) }},
		{"people", func(n int) urlspec.Address { return chat(fmt.Sprintf("bob@localhost/%d", n)) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			served := func(targets int) func() time.Duration {
				j := job(server, urlspec.ModeNone)
				j.Messages = []event.Message{{Body: "hi"}}
				for n := range targets {
					j.Reading.Targets = append(j.Reading.Targets, test.target(n))
				}
				return func() time.Duration {
					return growthtest.Time(func() {
						if err := xmppcore.Run(t.Context(), j, event.Trace{}); (err == nil) != (test.name == "people") {
							t.Fatal(err)
						}
					})
				}
			}
			growthtest.Check(t, 8, served(1000), served(4000))
		})
	}
}

// TestBroadcast: one notification to 200 rooms and 2,000 people reaches each of them,
// and the run tells on the way how many it has reached.
func TestBroadcast(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{})
	j := job(server, urlspec.ModeNone)
	j.Messages = []event.Message{{Body: "hi"}}
	for n := range 200 {
		j.Reading.Targets = append(j.Reading.Targets, room(fmt.Sprintf("r%d@conference.localhost", n)))
	}
	for n := range 2000 {
		j.Reading.Targets = append(j.Reading.Targets, chat(fmt.Sprintf("bob@localhost/%d", n)))
	}
	reached, early := map[string]event.Evidence{}, 0
	err := xmppcore.Run(t.Context(), j, event.Trace{Event: func(e event.Event) {
		if d, ok := e.Data.(event.Delivery); ok {
			reached[d.To] = d.Evidence
		}
		if e.Stage == event.StageSend && e.State == event.OK {
			for _, evidence := range reached {
				if evidence == event.Accepted || evidence == event.Reflected {
					early++
				}
			}
		}
	}})
	if err != nil || len(reached) != len(j.Reading.Targets) {
		t.Fatalf("%d of %d targets were told of: %v", len(reached), len(j.Reading.Targets), err)
	}
	for _, target := range j.Reading.Targets {
		want := event.Accepted
		if target.Kind == urlspec.Groupchat {
			want = event.Reflected
		}
		if reached[target.JID] != want {
			t.Errorf("%s has the evidence %q, want %q", target.JID, reached[target.JID], want)
		}
	}
	if early < len(reached)/2 {
		t.Errorf("only %d had their evidence when the last was written", early)
	}
}

// TestDeafServer: a server that does not answer is asked once, and once more at the
// end, however many messages there are; and so is a service of rooms that do not
// reflect. The many batches in between would take rto each.
func TestDeafServer(t *testing.T) {
	const batches = 25
	var people, rooms []urlspec.Address
	var joined strings.Builder
	for n := range batches * 32 {
		people = append(people, chat(fmt.Sprintf("bob%d@example.test", n)))
		jid := fmt.Sprintf("r%d@c.test", n)
		rooms = append(rooms, room(jid))
		fmt.Fprintf(&joined, "<presence from='%s/alice'><x xmlns='http://jabber.org/protocol/muc#user'>"+
			"<item affiliation='none' role='participant'/><status code='110'/></x></presence>", jid)
	}
	answers := slices.Repeat([]line{{wait: "</iq>", reply: pong}}, batches)
	for _, test := range []struct {
		name    string
		targets []urlspec.Address
		script  []line
		asked   int // pings
		reached event.Evidence
	}{
		{"people", people, loggedIn(), 2, event.Written},
		{"rooms", rooms,
			loggedIn(append([]line{{wait: rooms[len(rooms)-1].JID + "/", reply: joined.String()}}, answers...)...),
			batches, event.Accepted},
	} {
		t.Run(test.name, func(t *testing.T) {
			for seconds := urlspec.Seconds(patience); ; seconds *= 4 {
				p := newPeer(t, probing(onlyPLAIN), test.script)
				j := p.job(test.targets...)
				j.Reading.CTO, j.Reading.RTO = seconds, seconds
				j.Messages = []event.Message{{Body: "hi"}}
				counts := map[event.Evidence]int{}
				began := time.Now()
				err := xmppcore.Run(context.Background(), j, event.Trace{Event: func(e event.Event) {
					if d, ok := e.Data.(event.Delivery); ok && e.State == event.Fail {
						counts[d.Evidence]++
					}
				}})
				took := time.Since(began)
				asked, failed := strings.Count(p.said(), "<ping"), counts[test.reached]
				t.Logf("took %v, rto is %v", took, seconds.Duration())
				switch {
				case err != nil && asked == test.asked && failed == len(test.targets) && took <= 10*seconds.Duration():
					return
				case seconds > 10: // else too busy a machine for so short a time
					t.Fatalf("asked %d times, want %d; %v: %v failed; took %v with an rto of %v", asked, test.asked, err,
						counts, took, seconds.Duration())
				}
			}
		})
	}
}

// TestSlowServer: an answer that came late, to the question at the end, confirms
// what was sent before it too.
func TestSlowServer(t *testing.T) {
	var people []urlspec.Address
	for n := range 100 {
		people = append(people, chat(fmt.Sprintf("bob%d@example.test", n)))
	}
	j := newPeer(t, probing(onlyPLAIN), loggedIn(line{wait: "</iq>"}, line{wait: "</iq>", reply: pong})).slow(people...)
	j.Messages = []event.Message{{Body: "hi"}}
	s := tell(t, j)
	s.succeeds(t)
	for _, to := range people {
		if d, _ := s.delivery(to.JID, 1); d.Evidence != event.Accepted {
			t.Fatalf("%+v", d)
		}
	}
}
