package matrix

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"xmppscope/model/fact"
	"xmppscope/xmppcore/event"
)

// PlaceFacts are the rows of an exploration, place by place in the order in
// which they were first reported: what each way to a place offers. The places
// that could not be connected to come last, together.
func PlaceFacts(cells []event.Cell) []fact.Fact {
	var names []string
	var dead fact.Groups
	ways := map[string][]event.Cell{}
	for _, c := range cells {
		if c.Mode == "" && c.Failure != nil {
			dead.Add(c.Failure.Brief(), cmp.Or(c.Address, strings.Join(c.Hosts, ", ")))
			continue
		}
		name := placeText(c.Place)
		if ways[name] == nil {
			names = append(names, name)
		}
		ways[name] = append(ways[name], c)
	}
	var f fact.Rows
	for _, name := range names {
		f.Heading("place", name)
		for _, c := range ways[name] {
			state, text := offerOf(c)
			f.Judged(state, cmp.Or(string(c.Mode), "any mode"), text)
		}
	}
	for _, g := range dead {
		f.Heading("place", g.Names())
		f.Judged(event.Fail, "any mode", g.Text)
	}
	return f
}

// placeText is an address with the names that lead there, and why we look.
func placeText(p event.Place) string {
	var parts []string
	if p.Address != "" {
		parts = append(parts, p.Address)
	}
	hosts := slices.DeleteFunc(slices.Clone(p.Hosts), func(h string) bool {
		return strings.HasPrefix(strings.Trim(p.Address, "["), h) // an address is its own name
	})
	if len(hosts) > 0 {
		parts = append(parts, strings.Join(hosts, ", "))
	}
	if from := p.Sources(); from != "" {
		parts = append(parts, "("+from+")")
	}
	return strings.Join(parts, " ")
}

// offerOf says which login a way leads to, or why to none. It is good with a
// certificate that is valid, doubtful with another one or without TLS.
func offerOf(c event.Cell) (event.State, string) {
	state := event.OK
	var parts []string
	add := func(text string) { parts = append(parts, text) }
	switch {
	case !c.Encrypted():
		if state = event.Warn; c.Failure == nil {
			add("no TLS")
		}
	case !c.Verified:
		state = event.Warn
		why := ""
		if c.Certificate != nil {
			why = cmp.Or(c.Certificate.Detail, c.Certificate.Sentence())
		}
		add(fact.WithReason("certificate not valid", why))
	}
	if c.Failure != nil {
		state = event.Fail
		add(c.Failure.Brief())
	} else {
		plus, noPlus := loginText(c.Prediction(true)), loginText(c.Prediction(false))
		add(plus)
		if noPlus != plus {
			add("scramplus=no: " + noPlus)
		}
	}
	for _, login := range c.Logins {
		add(triedText(login))
	}
	text := strings.Join(parts, "; ")
	if c.TLSVersion != "" {
		text = c.TLSVersion + ", " + text
	}
	return state, text
}

// loginText is the login that is predicted: "SCRAM-SHA-1-PLUS by tls-exporter".
func loginText(p event.Prediction) string {
	if p.Binding != "" {
		return p.Mechanism + " by " + p.Binding
	}
	return cmp.Or(p.Mechanism, "no login")
}

// triedText says how a login went.
func triedText(login event.LoginTry) string {
	text := "a login"
	if login.SASL != nil && login.SASL.Used != "" {
		text += " with " + login.SASL.Used
	}
	switch {
	case login.OK:
		return text + " succeeded"
	case login.Failure == nil:
		return text + " failed"
	}
	return text + " failed: " + login.Failure.Brief()
}

// TLSFacts are the rows of where TLS versions offer different logins, and where
// TLS ends; the ways of which the same is to be said are joined.
func (m Matrix) TLSFacts() []fact.Fact {
	var versions, ends fact.Groups
	for _, v := range m.Versions {
		versions.Add(v.Text, v.Address+" "+string(v.Mode))
	}
	for _, c := range m.Channels {
		ends.Add(c.text(), c.Address+" "+string(c.Mode))
	}
	var f fact.Rows
	for _, g := range versions {
		f.Value("versions", g.Text+" ("+g.Names()+")")
	}
	for _, g := range ends {
		f.Value("TLS ends", g.Text+" ("+g.Names()+")")
	}
	return f
}

// text says where TLS ends, how sure that is, and why.
func (c Channel) text() string {
	where := "we cannot tell where"
	switch c.End {
	case AtServer:
		where = "at the server, " + string(c.Sure)
	case AtProxy:
		where = "at a proxy, or at somebody who listens in, " + string(c.Sure)
	}
	return where + ": " + c.Because
}

// State says how good a way is: in doubt when it may fail, or when it shows the
// login to somebody in between.
func (w Way) State() event.State {
	if w.Rank < event.VerifiedPLAIN || w.Doubt != "" {
		return event.Warn
	}
	return event.OK
}

// WayFacts are the rows of one of the URLs that would work, counted from 0: what
// to change and how good the login would be, that login, the URL, and what
// speaks against it.
func (m Matrix) WayFacts(i int) []fact.Fact {
	w := m.Ways[i]
	var f fact.Rows
	f.Judged(w.State(), fmt.Sprintf("url %d", i+1), w.Edit.Label+": "+w.Grade)
	login := loginText(event.Prediction{Mechanism: w.Mechanism, Binding: w.Binding})
	if w.TLSVersion != "" {
		login += ", " + w.TLSVersion
	}
	if w.LoggedIn {
		login += "; a login succeeded there"
	}
	f.Value("login", login)
	f.Value("URL", w.Edit.URL)
	if w.Doubt != "" {
		f.Judged(event.Warn, "note", "doubtful: "+w.Doubt)
	}
	if w.Apprise != "" {
		f.Judged(event.Warn, "note", "not for Apprise: "+w.Apprise)
	}
	for _, note := range w.Notes {
		f.Value("note", note)
	}
	return f
}

// Sum is what the exploration comes to.
func (m Matrix) Sum() fact.Fact {
	var f fact.Rows
	n := len(m.Ways)
	loggedIn := slices.ContainsFunc(m.Ways, func(w Way) bool { return w.LoggedIn })
	switch {
	case loggedIn:
		f.Sum(event.OK, event.Count(n, "URL")+" would work, and a login succeeded")
	case m.OK:
		f.Sum(event.OK, event.Count(n, "URL")+" would work, as far as can be told without a login")
	case m.Failure == nil:
		f.Sum(event.Fail, "there was nowhere to look")
	case n > 0:
		f.Sum(event.Fail, "no login succeeded; "+m.nearest())
	default:
		f.Sum(event.Fail, "no URL would work; "+m.nearest())
	}
	return f[0]
}

// nearest says which failure came nearest to a login.
func (m Matrix) nearest() string {
	return fmt.Sprintf("what came nearest failed at %s: %s", m.FailedStage, m.Failure.Brief())
}
