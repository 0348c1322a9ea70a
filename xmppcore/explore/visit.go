package explore

import (
	"context"
	"crypto/tls"
	"slices"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// visitor fills the cells of one place.
type visitor struct {
	*exploration
	at    event.Place
	cells []event.Cell
}

// visit looks at the place in every mode:
//
//	starttls  TLS 1.3, and TLS 1.2 unless the first never came to TLS
//	none      no connection of its own: what STARTTLS saw before TLS
//	tls       TLS 1.3, and TLS 1.2 unless the port does not speak TLS at all
func (v *visitor) visit(ctx context.Context) {
	first, offer := v.look(ctx, urlspec.ModeSTARTTLS, tls.VersionTLS13)
	if first.FailedStage == event.StageTCP {
		first.Mode, first.TLSVersion = "", ""
		v.keep(first)
		return
	}
	v.bothVersions(ctx, first)
	v.keep(v.none(first, offer))
	first, _ = v.look(ctx, urlspec.ModeTLS, tls.VersionTLS13)
	v.bothVersions(ctx, first)
}

// keep adds a cell and reports it.
func (v *visitor) keep(c event.Cell) {
	v.cells = append(v.cells, c)
	v.tell(c)
}

// bothVersions keeps a cell of TLS 1.3, and one of TLS 1.2 if that can differ.
func (v *visitor) bothVersions(ctx context.Context, first event.Cell) {
	if !versionMatters(first) {
		first.TLSVersion = ""
		v.keep(first)
		return
	}
	v.keep(first)
	second, _ := v.look(ctx, first.Mode, tls.VersionTLS12)
	v.keep(second)
}

// versionMatters reports whether another TLS version could have another
// result: TLS was reached, and something answered that speaks it.
func versionMatters(c event.Cell) bool {
	if c.SHA256 != "" || c.Failure == nil {
		return true
	}
	none := []event.Cause{event.CauseNotTLS, event.CauseTimeout, event.CauseCancelled}
	return c.FailedStage == event.StageTLS && !slices.Contains(none, c.Failure.Cause)
}

// look makes a cell of one connection. One that leads to no login at all has the
// failure of the login with channel binding.
func (v *visitor) look(ctx context.Context, mode urlspec.Mode, version uint16) (event.Cell, xmppcore.Offer) {
	s := v.prober.Look(ctx, xmppcore.Way{Address: v.at.Address, Mode: mode, TLS: version})
	c := event.Cell{Place: v.at, Mode: mode, TLSVersion: tls.VersionName(version), TLS: s.TLS,
		SHA256: s.TLS.SHA256, ALPN: s.TLS.ALPN, WithoutALPN: s.WithoutALPN,
		Verified: s.TLS.Verified, Certificate: s.Certificate}
	if s.Failure != nil {
		c.Fail(v.cut(ctx, s.Failure))
		return c, s
	}
	c.STARTTLSInside = s.Features.Encrypted && s.Features.STARTTLS
	offer(&c, *s.Features, s.Plus, s.NoPlus)
	return c, s
}

// offer notes features and the logins that they lead to.
func offer(c *event.Cell, features event.Features, plus, noPlus *event.Prediction) {
	c.Mechanisms, c.SASL2, c.Bindings = features.Mechanisms, features.SASL2, features.Bindings
	if c.Plus, c.NoPlus = plus, noPlus; plus.Failure != nil && noPlus.Failure != nil {
		c.Fail(plus.Failure)
	}
}

// none is the cell of mode=none. STARTTLS begins the same way, so what it saw
// before TLS is what a client without TLS would see.
func (v *visitor) none(starttls event.Cell, seen xmppcore.Offer) event.Cell {
	c := event.Cell{Place: v.at, Mode: urlspec.ModeNone}
	if seen.Clear == nil {
		c.Fail(starttls.Failure)
		return c
	}
	plus, noPlus := v.prober.Predict(seen)
	offer(&c, *seen.Clear, plus, noPlus)
	return c
}
