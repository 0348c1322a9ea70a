package event

import (
	"fmt"
	"slices"
	"strings"

	"xmppscope/urlspec"
)

// Evidence is the rung a delivery reached. What stands above a rung is not
// known.
type Evidence string

// The ladder, lowest first. The empty value means that nothing was sent.
const (
	NotSent   Evidence = ""
	Written   Evidence = "written"   // bytes left us
	Accepted  Evidence = "accepted"  // the server answered a later ping (XEP-0199) and had not bounced it
	Reflected Evidence = "reflected" // the room sent our own message back (XEP-0045 7.4)
	Received  Evidence = "received"  // the other client's receipt (XEP-0184)
)

// ladder is the one table of rungs, lowest first: what is said of a delivery to
// a target, what is said without one and in a sum, and what it proves.
var ladder = [...]struct {
	rung                   Evidence
	to, words, count, mean string
}{
	{NotSent, "not sent to %s", "not sent", "not sent", ""},
	{Written, "written to %s", "written to the connection, but nothing shows that it arrived", "only written",
		"it left this machine; nothing says that the server took it"},
	{Accepted, "taken by the server for %s", "taken by the server", "taken by the server",
		"the server answered a ping sent after it, and has not sent it back; whether anybody reads it is not known"},
	{Reflected, "reflected by %s", "reflected by the room", "reflected",
		"the room sent our own message back, as it does to every occupant"},
	{Received, "received by a client of %s", "received, the other client says so", "received",
		"the other side's program sent a receipt (XEP-0184)"},
}

// Rungs returns the rungs that a delivery can reach, lowest first.
func Rungs() []Evidence {
	rungs := make([]Evidence, 0, len(ladder)-1)
	for _, r := range ladder[1:] {
		rungs = append(rungs, r.rung)
	}
	return rungs
}

// Rank is the height of a rung: 0 for what was not sent.
func (e Evidence) Rank() int {
	for i, r := range ladder {
		if r.rung == e {
			return i
		}
	}
	return 0
}

// To says in a few words what is known of a delivery to a target.
func (e Evidence) To(target string) string { return fmt.Sprintf(ladder[e.Rank()].to, target) }

// Words says in a few words what is known of a delivery.
func (e Evidence) Words() string { return ladder[e.Rank()].words }

// Counted says in a sum what is known of deliveries.
func (e Evidence) Counted() string { return ladder[e.Rank()].count }

// Proves says in a sentence what the rung proves; it is empty where nothing was
// sent.
func (e Evidence) Proves() string { return ladder[e.Rank()].mean }

// Tally sums up deliveries by rung, the highest first: "2 of 7: 1 reflected, 1
// taken by the server; 5 failed". Those of the total that are not among the good
// have failed once it is decided.
func Tally(good map[Evidence]int, total int, decided bool) string {
	sum := 0
	var parts []string
	for _, r := range slices.Backward(ladder[1:]) {
		if n := good[r.rung]; n > 0 {
			sum += n
			parts = append(parts, fmt.Sprintf("%d %s", n, r.count))
		}
	}
	text := fmt.Sprintf("%d of %d", sum, total)
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	if decided && sum < total {
		text += fmt.Sprintf("; %d failed", total-sum)
	}
	return text
}

// Suffices reports whether a delivery of a kind counts as successful: a user's
// when the server has accepted it, a room's when the room has reflected it.
func (e Evidence) Suffices(kind string) bool {
	if kind == string(urlspec.Groupchat) {
		return e == Reflected
	}
	return e.Rank() >= Accepted.Rank()
}

// Needs returns the rungs that a caller may ask for, lowest first: those that can
// be a success. Only written is none.
func Needs() []Evidence { return Rungs()[Written.Rank():] }

// Raised is the rung that a delivery of a kind needs when the caller asks for one,
// empty where that is no more than the kind needs anyhow. A room sends no receipts
// (XEP-0184 5.3), and so needs no more than its reflection.
func (e Evidence) Raised(kind string) Evidence {
	if e == Received && kind == string(urlspec.Chat) {
		return Received
	}
	return NotSent
}

// Higher is the higher of two rungs.
func Higher(a, b Evidence) Evidence {
	if a.Rank() > b.Rank() {
		return a
	}
	return b
}

// Good reports whether a delivery has the evidence that counts as success, and
// did not come back.
func (d Delivery) Good() bool { return d.Error == nil && d.Proven() }

// Proven reports whether a delivery has the evidence that counts as success: what
// its kind needs, and what was asked for.
func (d Delivery) Proven() bool {
	return d.Evidence.Suffices(d.Kind) && d.Evidence.Rank() >= d.Need.Rank()
}
