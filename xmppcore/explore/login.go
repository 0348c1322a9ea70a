package explore

import (
	"cmp"
	"context"
	"slices"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// way is a cell to log in at, with or without channel binding.
type way struct {
	cell      *event.Cell
	scramPlus bool
}

func (w way) grade() event.Grade { return w.cell.Grade(w.scramPlus) }

// bound reports whether the login would be bound to the channel.
func (w way) bound() bool { return event.BindsChannel(w.cell.Prediction(w.scramPlus).Mechanism) }

// twin reports whether two ways differ in nothing that a login could tell
// apart, such as the addresses of one server.
func (w way) twin(o way) bool {
	return w.scramPlus == o.scramPlus && w.cell.Mode == o.cell.Mode && w.cell.Port == o.cell.Port &&
		w.cell.SHA256 == o.cell.SHA256
}

// logIn tries to log in where it looks best, until it succeeds, three times at
// most. Failed logins count against the account (fail2ban, lock-out), so it
// stops as soon as another one cannot do better.
func (x *exploration) logIn(ctx context.Context, cells []event.Cell) {
	ways := x.ways(cells)
	var tried []way
	unbound := false // only ways without channel binding make sense from here on
	for len(tried) < maxLogins && ctx.Err() == nil {
		// The last one is for a way without channel binding: when the others
		// were refused because of it, this one tells.
		last := len(tried) == maxLogins-1
		next := slices.IndexFunc(ways, func(w way) bool { return !(unbound || last) || !w.bound() })
		if next < 0 && !unbound && len(ways) > 0 {
			next = 0
		}
		if next < 0 {
			return
		}
		w := ways[next]
		tried = append(tried, w)
		ways = slices.DeleteFunc(ways, w.twin)
		attempt := x.try(ctx, w)
		w.cell.Logins = append(w.cell.Logins, attempt)
		x.tell(*w.cell)
		if attempt.OK || hopeless(attempt) {
			return
		}
		unbound = unbound || refusedBound(attempt)
	}
}

// ways lists where credentials may go, the best first. A certificate that is
// not valid, or a connection without TLS, is taken only when the URL itself
// says so.
func (x *exploration) ways(cells []event.Cell) []way {
	negotiated := event.Negotiated(cells)
	var ways []way
	for i := range cells {
		c := &cells[i]
		if !slices.ContainsFunc(negotiated, func(n event.Cell) bool {
			return n.Address == c.Address && n.Mode == c.Mode && n.TLSVersion == c.TLSVersion
		}) || !x.permitted(c) {
			continue
		}
		for _, plus := range []bool{true, false} {
			w := way{c, plus}
			if w.grade() != event.Unusable && (!plus || w.bound()) {
				ways = append(ways, w)
			}
		}
	}
	slices.SortStableFunc(ways, func(a, b way) int {
		own := func(w way) int {
			if w.cell.Mode == x.prober.Mode() {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(b.grade(), a.grade()), cmp.Compare(own(b), own(a)))
	})
	return ways
}

func (x *exploration) permitted(c *event.Cell) bool {
	if c.Mode == urlspec.ModeNone {
		return x.prober.Mode() == urlspec.ModeNone
	}
	return c.Verified || !x.prober.Verify()
}

// try logs in once, and leaves. It takes the TLS version that is negotiated.
func (x *exploration) try(ctx context.Context, w way) event.LoginTry {
	limited, cancel := context.WithTimeoutCause(ctx, x.job.Limit, errLimit)
	defer cancel()
	attempt := x.prober.LogIn(limited, xmppcore.Way{Address: w.cell.Address, Mode: w.cell.Mode,
		ScramPlus: w.scramPlus, Verify: x.prober.Verify()})
	if attempt.Failure = x.cut(limited, attempt.Failure); attempt.Failure != nil {
		attempt.FailedStage = attempt.Failure.Stage
	}
	return attempt
}

// refusedBound reports whether a login was refused that channel binding may be
// to blame for.
func refusedBound(t event.LoginTry) bool {
	return t.SASL != nil && event.BindsChannel(t.SASL.Used) && t.Failure != nil && t.Failure.Cause == event.CauseAuth
}

// hopeless reports whether a failure makes every further login pointless or
// harmful: the server has had enough, the account or the password is refused,
// or the server is not to be trusted with another try. What only this way is
// to blame for (its connection, its channel binding, its mechanism) leaves
// hope.
func hopeless(t event.LoginTry) bool {
	f := t.Failure
	if f.Condition == "policy-violation" || f.Cause == event.CauseCancelled {
		return true
	}
	if f.Stage != event.StageSASL && f.Stage != event.StageBind {
		return false
	}
	switch f.Cause {
	case event.CauseChannelBinding, event.CauseNoCommonMechanism, event.CauseTLSRequired, event.CauseTimeout,
		event.CauseClosed:
		return false
	case event.CauseAuth:
		way := slices.Contains([]string{"invalid-mechanism", "mechanism-too-weak", "encryption-required",
			"malformed-request"}, f.Condition)
		return !way && !(f.Condition == "not-authorized" && refusedBound(t))
	}
	return true
}
