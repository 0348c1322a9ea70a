package model

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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
		kind      Kind
		events    []event.Event
		want      string
	}{
		{"a check", "", Check, logged(), "ok after 80 ms, logged in"},
		{"a check of a room", opsURL, Check, logged(joined(event.Room{JID: ops, Nick: "alice"})), "ok after 90 ms, logged in, 1 room joined"},
		{"one of two rooms", opsURL + "/%23dev@conference.example.test", Check,
			logged(joined(event.Room{JID: ops, Nick: "alice"}), refused("dev@conference.example.test", event.Failure{Condition: "conflict"})),
			"failed at muc after 100 ms, logged in, 1 of 2 rooms joined"},
		{"a check up to tls", "", Check, upTo(event.StageTLS), "ok after 50 ms, up to tls"},
		{"a check that fails", "", Check, then(upTo(event.StageTCP), failed(event.StageStream, nil, silence(event.WaitHeader))), "failed at stream after 30 ms"},
		{"a check that is cancelled", "", Check, then(upTo(event.StageTCP), failed(event.StageStream, nil, because(event.CauseCancelled))), "cancelled after 30 ms"},
		{"a send", two, Send, logged(delivered(chat(bob, event.Accepted)), delivered(chat(carol, event.Received))),
			"ok after 100 ms, 2 of 2 with evidence: 1 accepted, 1 received"},
		{"one of two came back", two, Send, logged(delivered(chat(bob, event.Accepted)), bounced(chat(carol, event.Written), missing)),
			"failed at ack after 100 ms, 1 of 2 with evidence: 1 accepted; 1 came back"},
		{"one of two is only written", two, Send, logged(written, delivered(chat(carol, event.Accepted))),
			"failed after 100 ms, 1 of 2 with evidence: 1 accepted; 1 only written"},
		{"a room that has not reflected", opsURL, Send, logged(joined(event.Room{JID: ops, Nick: "alice"}), delivered(groupchat(ops, event.Accepted))),
			"failed after 100 ms, 0 of 1 with evidence; 1 only accepted"},
		{"one of two was not sent", two, Send, logged(delivered(chat(bob, event.Accepted))),
			"failed after 90 ms, 1 of 2 with evidence: 1 accepted; 1 not sent"},
		{"a send without a login", two, Send, noLogin(upTo(event.StageFeatures), event.SASL{}, because(event.CauseNoPassword)),
			"failed at sasl after 70 ms, nothing was sent"},
		{"a send that is cancelled", "", Send, logged(written, failed(event.StageAck, nil, because(event.CauseCancelled))),
			"cancelled after 100 ms, 0 of 1 with evidence; 1 only written"},
	} {
		if got := told(c.kind, c.url, c.events...).Sentence(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	r := NewRun(1, Send, urlspec.Parse(withCanary(two)), []event.Message{{Body: "hello"}})
	play(r, upTo(event.StageTCP)...)
	if got, want := r.Sentence(), "under way for 10 ms"; got != want {
		t.Errorf("under way: %q, want %q", got, want)
	}
}

func TestVerdictSentence(t *testing.T) {
	for _, c := range []struct {
		v    Verdict
		want string
	}{
		{Verdict{WouldReport: ReportsSuccess, WouldDeliver: true}, "Apprise would report success and deliver to every target: x"},
		{Verdict{WouldReport: ReportsSuccess}, "Apprise would report success without delivering: x"},
		{Verdict{WouldReport: ReportsSuccess, DeliversTo: []string{"a@b", "c@d"}}, "Apprise would report success and deliver only to a@b, c@d: x"},
		{Verdict{WouldReport: ReportsSuccess, partly: true}, "Apprise would report success and not deliver to every target: x"},
		{Verdict{WouldReport: ReportsFailure}, "Apprise would report failure and deliver nothing: x"},
		{Verdict{WouldReport: ReportsFailure, DeliversTo: []string{"a@b"}}, "Apprise would report failure and deliver only to a@b: x"},
	} {
		c.v.Because = "x"
		if got := c.v.Sentence(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// listed writes rows in lines: "state label: text".
func listed(facts []Fact) string {
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
		{"joined", then(upTo(event.StageBind), joined(event.Room{JID: ops, Nick: "pager", Role: "participant", Codes: []int{110, 100, 999}})),
			"ok join: joined as pager\nrole: participant\nstatus 110: the room says that this occupant is us\n" +
				"status 100: everybody in the room can see the full JID\nstatus 999: a code that we do not know"},
		{"created, as a visitor, with another nick", then(upTo(event.StageBind), joined(event.Room{JID: ops, Nick: "p", Role: "visitor", Codes: []int{201, 210}})),
			"ok join: joined as p\nwarn role: visitor: may listen, and not speak where the room is moderated\n" +
				"warn status 201: the room did not exist and was created by joining\nwarn status 210: the room gave us another nick than we asked for"},
		{"refused", then(upTo(event.StageBind), refused(ops, event.Failure{Condition: "conflict", Type: "cancel", Text: "taken"})),
			"fail join: not joined: conflict (\"taken\")\nerror type: cancel"},
		{"no answer", then(upTo(event.StageBind), refused(ops, silence(event.WaitJoin))),
			"fail join: not joined: waited 4 s for the room's answer to our presence, nothing came"},
		{"removed", then(upTo(event.StageBind), joined(event.Room{JID: ops, Nick: "alice"}), refused(ops, gone)),
			"fail join: not joined: the room removed us: kicked out of the room by root"},
	} {
		r := told(Check, opsURL, c.events...)
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
		{at(event.Accepted, nil), "ok evidence: accepted by the server"},
		{at(event.Received, nil), "ok evidence: received, the other client says so"},
		{groupchat(ops, event.Accepted), "warn evidence: accepted by the server"},
		{groupchat(ops, event.Reflected), "ok evidence: reflected by the room"},
	} {
		r := &Run{Done: true, Messages: make([]event.Message, 3)}
		want := "message: " + c.d.To + ", message 1 of 3\n" + c.want
		if p := proof(c.d); p != "" {
			want += "\nproves: " + p
		}
		if got := listed(r.DeliveryFacts(c.d)); got != want+"\nstanza id: "+c.d.ID {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestCertificateFacts(t *testing.T) {
	root := newSigner(t, "Test Root", nil)
	begin := noon.AddDate(0, -1, 0)
	reading := urlspec.Parse("xmpps://alice:p@example.org/%23ops@rooms.corp.test?xmpp=im.example.org").Reading
	for _, c := range []struct {
		name      string
		untrusted string
		end, now  time.Time
		want      []string
	}{
		{"valid", "", noon.Add(60 * day), noon, []string{
			"ok result: valid for the JID domain", "ok JID domain: example.org: yes, by example.org; the name that has to match (RFC 6120 13.7.2.1)",
			"ok TCP host: im.example.org: yes, by *.example.org; not asked for: what counts is the JID domain",
			"skip room service: rooms.corp.test: no; not asked for by clients; other servers ask for it when their users join",
			"names: example.org, *.example.org", "valid until: 2026-07-31T12:00:00Z, 60 days left", "certificate: Certificate 1 of 1 as sent",
			"ok here: this machine trusts its authority"}},
		{"soon over", "", noon.Add(30 * time.Hour), noon, []string{
			"warn result: valid for the JID domain, but it ends soon", "warn valid until: 2026-06-02T18:00:00Z: ends soon, 1 day left"}},
		{"over", "", noon.Add(-time.Hour), noon, []string{
			"fail result: not valid: expired", "fail valid until: 2026-06-01T11:00:00Z: expired, over for 1 day", "fail problem: expired"}},
		{"to come", "", noon.Add(60 * day), begin.Add(-time.Hour), []string{
			"fail result: not valid: not yet valid", "fail valid from: 2026-05-01T12:00:00Z: not yet valid"}},
		{"not trusted", "no such authority", noon.Add(60 * day), noon, []string{
			"fail result: not valid: no such authority", "fail here: this machine does not trust its authority: no such authority",
			"warn missing: the certificate of the issuer CN=Test Root was not sent", `: it can be fetched from http://ca.invalid/\u202emiddle.crt`}},
	} {
		cert := leafBy(t, root, func(x *x509.Certificate) { x.NotBefore, x.NotAfter = begin, c.end })
		got := strings.Split(listed(Inspect(handshake(c.untrusted, cert), reading, c.now).Facts()), "\n")
		for _, want := range c.want {
			if !slices.Contains(got, want) {
				t.Errorf("%s: no row is %q:\n%s", c.name, want, strings.Join(got, "\n"))
			}
		}
	}
	report := Inspect(event.TLS{}, reading, noon)
	report.Failure = &event.Failure{Stage: event.StageTCP, Cause: event.CauseRefused}
	if got, want := listed(report.Facts()), "fail result: there was no certificate: nothing listens on that port"; got != want {
		t.Errorf("without a certificate: %q, want %q", got, want)
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0.0 ms", 340 * time.Microsecond: "0.3 ms", 9949 * time.Microsecond: "9.9 ms", 9960 * time.Microsecond: "10 ms", 47 * time.Millisecond: "47 ms",
		999499 * time.Microsecond: "999 ms", 999600 * time.Microsecond: "1.00 s", 2500 * time.Millisecond: "2.50 s", 90 * time.Second: "90.00 s",
	} {
		if got := Duration(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
