package xmppcore

import (
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// TestReceiptPatience: one more round trip, and never long, unless the job says how
// long.
func TestReceiptPatience(t *testing.T) {
	t.Parallel()
	second, none := time.Second, time.Duration(0)
	for _, test := range []struct {
		run             *run
		roundTrip, want time.Duration
	}{
		{&run{}, 7 * time.Millisecond, 7 * time.Millisecond},
		{&run{}, time.Second, 150 * time.Millisecond},
		{&run{hurry: true}, time.Second, 0},
		{&run{job: Job{Receipts: &second}}, time.Millisecond, time.Second},
		{&run{job: Job{Receipts: &second}, hurry: true}, time.Millisecond, time.Second},
		{&run{job: Job{Receipts: &none}}, time.Second, 0},
	} {
		if got := test.run.receiptPatience(test.roundTrip); got != test.want {
			t.Errorf("after %v: %v, want %v", test.roundTrip, got, test.want)
		}
	}
}

// TestBouncePatience: what went to another domain may come back after the server's
// answer, for which a round trip to the server alone is too short.
func TestBouncePatience(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		run             *run
		roundTrip, want time.Duration
	}{
		{&run{}, time.Millisecond, 300 * time.Millisecond},
		{&run{}, 200 * time.Millisecond, 600 * time.Millisecond},
		{&run{}, time.Minute, time.Second},
		{&run{hurry: true}, time.Second, 0},
	} {
		if got := test.run.bouncePatience(test.roundTrip); got != test.want {
			t.Errorf("after %v: %v, want %v", test.roundTrip, got, test.want)
		}
	}
	for _, test := range []struct {
		d    delivery
		want bool
	}{
		{delivery{remote: true, data: event.Delivery{Evidence: event.Accepted}}, true},
		{delivery{data: event.Delivery{Evidence: event.Accepted}}, false}, // our own server's answer is enough
		{delivery{remote: true, data: event.Delivery{Evidence: event.Received}}, false},
		{delivery{remote: true, failure: &event.Failure{}, data: event.Delivery{Evidence: event.Accepted}}, false},
	} {
		if got := test.d.mayComeBack(); got != test.want {
			t.Errorf("%+v: %v, want %v", test.d, got, test.want)
		}
	}
}

// TestNotSentAgain: what the server took is not sent again, also where the receipt
// that was asked for did not come.
func TestNotSentAgain(t *testing.T) {
	t.Parallel()
	note := newNotification([]event.Message{{Body: "hi"}})
	note.address(destination{Targets: []target{{Kind: urlspec.Chat, Written: "bob@example.test"}}}, event.Received)
	d := note.deliveries[0]
	d.begin()
	late := &event.Failure{Stage: event.StageAck, Cause: event.CauseTimeout, Waiting: event.WaitReceipt}
	d.data.Evidence, d.failure = event.Accepted, late
	if note.retry(t.Context(), nil) || !d.settled || d.good() {
		t.Errorf("settled %v, good %v", d.settled, d.good())
	}
	d.settled, d.data.Evidence = false, event.Written
	if !note.retry(t.Context(), nil) || d.settled {
		t.Error("what was only written is not sent again")
	}
}
