package matrix

import (
	"slices"
	"strings"

	"xmppscope/model/finding"
	"xmppscope/urlspec"
)

// destination is where a URL should connect to, and how; the rest of the URL
// stays as it is.
type destination struct {
	host              string
	port              int
	mode              urlspec.Mode
	scramPlus, verify bool
}

// of reports whether a reading says this.
func (d destination) of(r urlspec.Reading) bool {
	return r.Accepted && strings.EqualFold(urlspec.Unbracket(r.TCPHost), urlspec.Unbracket(d.host)) &&
		r.Port == d.port && r.Mode == d.mode &&
		r.ScramPlus == d.scramPlus && r.Verify == d.verify
}

// step is one edit of a URL.
type step func(urlspec.Spec) urlspec.Fix

// candidate is a URL after some edits that may lead to a destination.
type candidate struct {
	spec   urlspec.Spec
	labels []string
	bytes  int // removed and typed
}

// compare says which candidate is longer: the number of edits counts first, then
// the bytes.
func (c candidate) compare(o candidate) int {
	if d := len(c.labels) - len(o.labels); d != 0 {
		return d
	}
	return c.bytes - o.bytes
}

// shortestEdit finds the edit with the fewest changes that leads a URL to a
// destination; ok is false when none does. It tries the ways to say each thing
// that must change, and keeps what reads back as wanted.
func shortestEdit(spec urlspec.Spec, to destination) (best candidate, ok bool) {
	start := urlspec.Parse(spec.Text) // without a password that came from elsewhere
	front := []candidate{{spec: start}}
	for _, ways := range to.steps(start.Reading) {
		var next []candidate
		for _, c := range front {
			next = append(next, c)
			for _, way := range ways {
				if after := c.with(way); after.bytes > c.bytes {
					next = append(next, after)
				}
			}
		}
		front = next
	}
	for _, c := range front {
		if to.of(c.spec.Reading) && sameNotification(c.spec.Reading, start.Reading) && (!ok || c.compare(best) < 0) {
			best, ok = c, true
		}
	}
	return best, ok
}

// steps are, for each thing that may have to change, the ways to change it.
func (d destination) steps(r urlspec.Reading) [][]step {
	var all [][]step
	if r.Mode != d.mode {
		if d.mode == urlspec.ModeNone { // xmpps keeps TLS on whatever mode= says
			all = append(all, []step{finding.RemoveParam("mode")}, []step{setScheme("xmpp")})
		} else {
			all = append(all, []step{finding.SetParam("mode", string(d.mode)), finding.RemoveParam("mode"), setScheme("xmpps")})
		}
	}
	if !strings.EqualFold(urlspec.Unbracket(r.TCPHost), urlspec.Unbracket(d.host)) {
		all = append(all, []step{finding.SetParam("xmpp", d.host), finding.RemoveParam("xmpp")})
	}
	// A mode brings its own port, so the port may have to change with it.
	if r.Port != d.port || r.Mode != d.mode {
		set := func(s urlspec.Spec) urlspec.Fix { return s.SetPort(d.port) }
		unset := func(s urlspec.Spec) urlspec.Fix { return s.SetPort(0) }
		all = append(all, []step{set, unset})
	}
	if r.ScramPlus != d.scramPlus {
		all = append(all, []step{finding.SetParam("scramplus", yesOrNo(d.scramPlus)), finding.RemoveParam("scramplus")})
	}
	if r.Verify != d.verify {
		all = append(all, []step{finding.SetParam("verify", yesOrNo(d.verify)), finding.RemoveParam("verify")})
	}
	return all
}

func yesOrNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// with is the candidate with one edit more.
func (c candidate) with(way step) candidate {
	fix := way(c.spec)
	after := fix.Apply(c.spec.Text)
	if after == c.spec.Text {
		return c
	}
	return candidate{spec: urlspec.Parse(after), labels: append(slices.Clone(c.labels), fix.Label),
		bytes: c.bytes + fix.End - fix.Start + len(fix.Text)}
}

// setScheme writes another scheme, which decides the mode where mode= does not.
func setScheme(scheme string) step {
	return func(s urlspec.Spec) urlspec.Fix {
		for _, span := range s.Spans {
			if span.Kind == urlspec.Scheme {
				return urlspec.Fix{Label: "scheme " + scheme, Start: span.Start, End: span.End, Text: scheme}
			}
		}
		return finding.NoEdit(s)
	}
}

// sameNotification reports whether two readings log in as the same account and
// write the same to the same targets.
func sameNotification(a, b urlspec.Reading) bool {
	return a.LoginJID == b.LoginJID && a.StreamTo == b.StreamTo && a.Password == b.Password && a.Nick == b.Nick &&
		slices.EqualFunc(a.Targets, b.Targets, func(x, y urlspec.Address) bool { return x.Kind == y.Kind && x.JID == y.JID })
}
