package finding

import (
	"cmp"
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// TestApprise: the situations in which Apprise 2.1.0 was tried, and those that
// follow from its rules. because is a part of the reason.
func TestApprise(t *testing.T) {
	public, private := plainTLS(), plainTLS()
	private.NotMozilla = modeltest.Foreign
	xmppName := plainTLS()
	xmppName.Names = []string{"example.test (XMPP)"}
	clear := event.Features{STARTTLS: true, Mechanisms: []string{"SCRAM-SHA-1"}}
	inClear := without(upTo(event.StageBind, clear), event.StageSTARTTLS, event.StageTLS)
	oldEjabberd := event.Features{Encrypted: true, Mechanisms: []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "X-OAUTH2"}}
	oldProsody := event.Features{Encrypted: true, Mechanisms: []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "PLAIN"}}
	bob, carol := "bob@example.test", "carol@example.test"
	sent := func(events ...event.Event) []event.Event {
		return then(upTo(event.StageBind, public), events...)
	}
	closed := func(name string) event.Event {
		return refused(name, event.Failure{Condition: "registration-required"})
	}
	const two = "xmpps://alice:PW@example.test/bob/%23a@conference.example.test/%23b@conference.example.test"
	for _, c := range []struct {
		name, url string
		kind      model.Kind
		events    []event.Event
		want      string // as verdictOf says it
		to        []string
		because   string
	}{
		{name: "healthy, and the authority is public", kind: model.Send, events: sent(delivered(chat(bob, event.Accepted))),
			want: "success", because: "the server took every message and sent none back"},
		{name: "healthy, and a receipt came", kind: model.Send, events: sent(delivered(chat(bob, event.Received))),
			want: "success", because: "every target took the message"},
		{name: "healthy here, and a private authority", kind: model.Send,
			events: then(upTo(event.StageBind, private), delivered(chat(bob, event.Accepted))), want: "false success",
			because: "is not in Mozilla's list"},
		{name: "a private authority, and no checks", kind: model.Send, url: "xmpps://alice:PW@example.test/bob?verify=no",
			events: then(upTo(event.StageBind, private), delivered(chat(bob, event.Accepted))), want: "success"},
		{name: "a private authority, and no checks by accident", kind: model.Send,
			url: "xmpps://alice:PW@example.test/bob?verify=maybe", events: then(upTo(event.StageBind, private),
				delivered(chat(bob, event.Accepted))), want: "success"},
		{name: "a name that only XMPP knows", kind: model.Send, events: then(upTo(event.StageBind, xmppName),
			delivered(chat(bob, event.Accepted))), want: "false success", because: "in a way that Python does not know"},
		{name: "a check", events: upTo(event.StageBind, public), want: "success",
			because: "whether each user takes the message, only sending it shows"},
		{name: "a check that stops before the login", events: upTo(event.StageFeatures, public), want: "unknown"},
		{name: "mode=none, and the server allows it", url: "xmpp://alice:PW@example.test/bob", kind: model.Send,
			events: then(inClear, delivered(chat(bob, event.Accepted))), want: "false success",
			because: "slixmpp gives no password without TLS"},
		{name: "scramplus=no at a server that lists bindings", url: "xmpps://alice:PW@example.test/bob?scramplus=no",
			events: upTo(event.StageBind, public), want: "failure", because: "scramplus=no"},
		{name: "scramplus=no at Prosody 0.12 with TLS 1.2", url: "xmpps://alice:PW@example.test/bob?scramplus=no",
			events: upTo(event.StageBind, public, oldProsody), want: "failure"},
		{name: "scramplus=no at ejabberd 23", url: "xmpps://alice:PW@example.test/bob?scramplus=no",
			events: upTo(event.StageBind, public, oldEjabberd), want: "success"},
		{name: "scramplus=no, and optional", url: "xmpps://alice:PW@example.test/bob?scramplus=no&optional=yes",
			events: upTo(event.StageBind, public), want: "false success", because: "optional=yes"},
		{name: "one of two targets is missing", kind: model.Send, url: "xmpps://alice:PW@example.test/bob/carol",
			want: "false success", to: []string{carol}, because: "comes back (service-unavailable)",
			events: sent(bounced(chat(bob, event.Written), event.Failure{Condition: "service-unavailable"}),
				delivered(chat(carol, event.Accepted)))},
		{name: "an illegal target, and what comes after it", kind: model.Send,
			url: "xmpps://alice:PW@example.test/aaa/b%3Ab@example.test/carol", want: "false success",
			to: []string{"aaa@example.test", carol}, because: "the server answers jid-malformed",
			events: sent(delivered(chat("aaa@example.test", event.Accepted)), delivered(chat(carol, event.Accepted)))},
		{name: "keepalive=yes", kind: model.Send, url: "xmpps://alice:PW@example.test/bob?keepalive=yes",
			events: sent(delivered(chat(bob, event.Accepted))), want: "failure", because: "fails to connect"},
		{name: "cto=inf", kind: model.Send, url: "xmpps://alice:PW@example.test/bob?cto=inf",
			events: sent(delivered(chat(bob, event.Accepted))), want: "failure", because: "OverflowError"},
		{name: "a room with a resource", kind: model.Send,
			url: "xmpps://alice:PW@example.test?to=%23a@conference.example.test/nick,bob", want: "failure",
			events: sent(delivered(chat(bob, event.Accepted))), because: "with a resource"},
		{name: "a private authority, and TLS at once", kind: model.Send,
			url: "xmpps://alice:PW@example.test/bob?mode=tls", want: "failure", because: "the handshake fails",
			events: then(upTo(event.StageBind, private), delivered(chat(bob, event.Accepted)))},
		{name: "two closed rooms, five seconds", kind: model.Send, url: two, want: "failure",
			because: "timed out after 5.00s",
			events: sent(closed("a@conference.example.test"), closed("b@conference.example.test"),
				delivered(chat(bob, event.Accepted)))},
		{name: "two closed rooms, ten seconds", kind: model.Send, url: two + "?cto=10", want: "failure",
			because: "timed out after 10.00s",
			events: sent(closed("a@conference.example.test"), closed("b@conference.example.test"),
				delivered(chat(bob, event.Accepted)))},
		{name: "two closed rooms, eleven seconds", kind: model.Send, url: two + "?cto=11", want: "false success",
			to: []string{bob}, because: "a@conference.example.test does not let us in; b@",
			events: sent(closed("a@conference.example.test"), closed("b@conference.example.test"),
				delivered(chat(bob, event.Accepted)))},
		{name: "cto that is no number", events: []event.Event{portClosed("example.test", 5222)},
			url: "xmpps://alice:PW@example.test/bob?cto=nan", want: "failure", because: "5 s"},
		{name: "a URL that Apprise refuses", url: "xmpps://alice:PW@example.test/bob?mode=ssl", want: "failure",
			because: "does not accept this URL"},
		{name: "the password's empty twin", url: "xmpps://alice@example.test/bob", want: "failure",
			because: "sends an empty one",
			events:  noLogin(upTo(event.StageFeatures), event.SASL{}, because(event.CauseNoPassword))},
	} {
		kind := c.kind
		if kind == "" {
			kind = model.Check
		}
		r := told(kind, cmp.Or(c.url, "xmpps://alice:PW@example.test/bob"), c.events...)
		v := Apprise(r)
		if got := verdictOf(r); got != c.want || !strings.Contains(v.Because, c.because) ||
			strings.Join(v.DeliversTo, " ") != strings.Join(c.to, " ") {
			t.Errorf("%s:\ngot  %s %v %q\nwant %s %v %q", c.name, got, v.DeliversTo, v.Because, c.want, c.to, c.because)
		}
		if form := modeltest.Leaks(marshal(t, v)); form != "" {
			t.Errorf("%s: the verdict holds the password as %q", c.name, form)
		}
	}
}

func TestAppriseWaitsForTheRunsEnd(t *testing.T) {
	r := model.NewRun(1, model.Check, urlspec.Parse("xmpps://alice:pw@example.test/bob"), nil)
	for i, e := range upTo(event.StageBind) {
		e.Seq = i + 1
		r.Apply(e)
	}
	if v := Apprise(r); v.Known() {
		t.Errorf("the run goes on, and yet %+v", v)
	}
}

func TestVerdictSentence(t *testing.T) {
	for _, c := range []struct {
		v    Verdict
		want string
	}{
		{Verdict{WouldReport: ReportsSuccess, WouldDeliver: true},
			"Apprise would report success (exit code 0), and everything would arrive"},
		{Verdict{WouldReport: ReportsSuccess, WouldDeliver: true, checked: true},
			"Apprise would report success (exit code 0), and as far as a check shows, everything would arrive"},
		{Verdict{WouldReport: ReportsSuccess}, "Apprise would report success (exit code 0), but nothing would arrive"},
		{Verdict{WouldReport: ReportsSuccess, DeliversTo: []string{"a@b", "c@d"}},
			"Apprise would report success (exit code 0), but messages would arrive only at a@b, c@d"},
		{Verdict{WouldReport: ReportsSuccess, partly: true},
			"Apprise would report success (exit code 0), but not every target would get the message"},
		{Verdict{WouldReport: ReportsFailure}, "Apprise would report failure (exit code 1), and nothing would arrive"},
		{Verdict{WouldReport: ReportsFailure, WouldDeliver: true},
			"Apprise would report failure (exit code 1), but everything would arrive"},
		{Verdict{WouldReport: ReportsFailure, DeliversTo: []string{"a@b"}},
			"Apprise would report failure (exit code 1), but messages would arrive at a@b"},
		{Verdict{WouldReport: ReportsEither}, "Apprise would report success (exit code 0) or failure (exit code 1), " +
			"by chance each time; either way nothing would arrive"},
		{Verdict{WouldReport: ReportsSuccess, unshown: true},
			"Apprise would report success (exit code 0), but nothing shows that anything would arrive"},
		{Verdict{WouldReport: ReportsSuccess, WouldDeliver: true, unseen: true, checked: true},
			"Apprise would report success (exit code 0), and as far as this run came, everything would arrive"},
		{Verdict{}, "This run does not show what Apprise would report, nor what would arrive"},
	} {
		c.v.Because = "x"
		if got := c.v.Sentence(); got != c.want+". Why: x" {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
