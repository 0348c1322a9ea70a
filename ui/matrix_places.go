package ui

import (
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// places lists what each place offers, those that have nothing last and
// together, then what several of them tell.
func (d *matrixDialog) places(p *sheet) {
	if len(d.cells) == 0 {
		return
	}
	p.head("What each place offers")
	var last string
	var nothing gathered
	for _, c := range ordered(d.cells) {
		if c.Mode == "" && c.Failure != nil {
			nothing.add(refusal(c.Failure), orElse(c.Address, strings.Join(c.Hosts, ", ")))
			continue
		}
		if name := placeName(c.Place); name != last {
			p.hang(" ", p.st.strong, name)
			last = name
		}
		sign, style := cellSign(p.st, c)
		lead := "   " + style.Render(sign) + " " + fit(string(c.Mode), 8) + " " + fit(c.TLSVersion, 7) + " "
		p.hang(lead, p.st.text, offer(c))
	}
	for _, g := range nothing.list {
		p.hang(" "+p.st.fail.Render(p.st.glyphs.fail)+" ", p.st.text, strings.Join(g.places, ", ")+": "+g.text)
	}
	var versions, channels gathered
	for _, v := range d.matrix.Versions {
		versions.add(v.Text, v.Address+" "+string(v.Mode))
	}
	for _, c := range d.matrix.Channels {
		channels.add(tlsEnd(c)+": "+c.Because, c.Address)
	}
	for _, g := range versions.list {
		p.gap()
		p.fact("versions", g.text+" ("+strings.Join(g.places, ", ")+")")
	}
	for _, g := range channels.list {
		p.gap()
		p.fact("TLS ends", g.text+" ("+strings.Join(g.places, ", ")+")")
	}
}

// gathered joins the places of which the same is to be said.
type gathered struct {
	list []gathering
}

type gathering struct {
	text   string
	places []string
}

func (g *gathered) add(text, place string) {
	i := slices.IndexFunc(g.list, func(x gathering) bool { return x.text == text })
	if i < 0 {
		i = len(g.list)
		g.list = append(g.list, gathering{text: text})
	}
	g.list[i].places = append(g.list[i].places, place)
}

// ordered keeps the cells of a place together, in the order in which the places
// were first heard of.
func ordered(cells []event.Cell) []event.Cell {
	at := map[string]int{}
	for _, c := range cells {
		if name := placeName(c.Place); at[name] == 0 {
			at[name] = len(at) + 1
		}
	}
	out := slices.Clone(cells)
	slices.SortStableFunc(out, func(a, b event.Cell) int { return at[placeName(a.Place)] - at[placeName(b.Place)] })
	return out
}

// placeName is an address with the names that lead there, and why we look.
func placeName(p event.Place) string {
	name := p.Address
	if hosts := strings.Join(p.Hosts, ", "); name == "" {
		name = hosts
	} else if !strings.HasPrefix(strings.Trim(name, "["), hosts) { // an address is its own name
		name += "  " + hosts
	}
	return name + "  (" + strings.Join(p.From, ", ") + ")"
}

func cellSign(st *styles, c event.Cell) (string, lipgloss.Style) {
	switch {
	case c.Failure != nil:
		return st.glyphs.fail, st.fail
	case !c.Encrypted() || !c.Verified:
		return st.glyphs.warn, st.warn
	}
	return st.glyphs.ok, st.ok
}

// offer says which login a cell leads to, or why none.
func offer(c event.Cell) string {
	if c.Failure != nil {
		return refusal(c.Failure)
	}
	plus, noPlus := predicted(c.Prediction(true)), predicted(c.Prediction(false))
	text := plus
	if noPlus != plus {
		text += "; with scramplus=no " + noPlus
	}
	switch {
	case c.Encrypted() && !c.Verified && c.Certificate != nil:
		text += "; certificate not valid: " + c.Certificate.Detail
	case !c.Encrypted():
		text += "; no encryption"
	}
	for _, login := range c.Logins {
		if login.OK {
			text += "; a run logged in here"
		} else {
			text += "; a run was refused here"
		}
	}
	return text
}

// refusal says in a few words why a way leads to no login.
func refusal(f *event.Failure) string {
	words := map[event.Cause]string{
		event.CauseNoSuchHost:        "the name has no address",
		event.CauseRefused:           "nothing listens there",
		event.CauseUnreachable:       "no route to it",
		event.CauseClosed:            "the server hangs up",
		event.CauseNotTLS:            "no TLS from the first byte",
		event.CauseTLSRequired:       "no login before TLS",
		event.CauseNoSTARTTLS:        "no STARTTLS",
		event.CauseSTARTTLSRefused:   "STARTTLS is refused",
		event.CauseTLSVersion:        "not with this TLS version",
		event.CauseNoMechanisms:      "no way to log in is offered",
		event.CauseNoCommonMechanism: "no mechanism that we know is offered",
		event.CauseServerPort:        "a port for other servers",
	}
	text := words[f.Cause]
	switch {
	case f.Cause == event.CauseTimeout:
		text = "no answer"
	case f.Cause == event.CauseNotXMPP:
		return orElse(f.Detail, "something else than XMPP")
	case text == "":
		return f.Error()
	}
	if f.Waiting != "" {
		text += ", where " + string(f.Waiting) + " should come"
	}
	return text
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func predicted(p event.Prediction) string {
	switch {
	case p.Mechanism == "":
		return "no login"
	case p.Binding != "":
		return p.Mechanism + " by " + p.Binding
	}
	return p.Mechanism
}

func tlsEnd(c model.Channel) string {
	switch c.End {
	case model.AtServer:
		return "at the server, " + string(c.Sure)
	case model.AtProxy:
		return "at a proxy, or at somebody who listens in, " + string(c.Sure)
	}
	return "we cannot tell where"
}
