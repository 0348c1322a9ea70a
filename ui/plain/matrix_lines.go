package plain

import (
	"fmt"
	"slices"
	"strings"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// mostWays is how many URLs a person is shown; JSON has them all.
const mostWays = 8

// matrixLines show an exploration: what each place offers, where TLS ends, and
// the URLs that would work.
func matrixLines(spec urlspec.Spec, cells []event.Cell, m model.Matrix, look Look) []string {
	reading := spec.Reading
	lines := []string{look.label("matrix") + wire.Safe(fmt.Sprintf("for %s, beginning at %s:%d", reading.LoginJID, reading.TCPHost, reading.Port))}
	for i, c := range cells {
		if !look.Labels && (i == 0 || cells[i-1].Address != c.Address || cells[i-1].Hosts[0] != c.Hosts[0]) {
			lines = append(lines, look.label("place")+look.paint(strong, placeName(c.Place))+look.paint(muted, " ("+strings.Join(c.From, ", ")+")"))
		}
		if look.Labels {
			lines = append(lines, look.label("cell")+placeName(c.Place)+" "+cellText(c, look))
			continue
		}
		lines = append(lines, "  "+cellText(c, look))
	}
	lines = append(lines, versionLines(m.Versions, look)...)
	lines = append(lines, channelLines(m.Channels, look)...)
	for i, w := range m.Ways[:min(len(m.Ways), mostWays)] {
		lines = append(lines, wayLines(i+1, w, look)...)
	}
	return append(lines, look.label("result")+matrixResult(m, look))
}

// placeName is an address with the names that lead there.
func placeName(p event.Place) string {
	var names []string
	for _, h := range p.Hosts {
		if !strings.HasPrefix(strings.Trim(p.Address, "["), h) { // an address is its own name
			names = append(names, wire.Safe(h))
		}
	}
	switch {
	case p.Address == "":
		return strings.Join(names, ", ")
	case len(names) == 0:
		return wire.Safe(p.Address)
	}
	return wire.Safe(p.Address) + " " + strings.Join(names, ", ")
}

// cellText says what a cell offers, in columns unless labels are wanted.
func cellText(c event.Cell, look Look) string {
	mode, state := string(c.Mode), look.paint(good, "ok")
	if mode == "" {
		mode = "any mode"
	}
	if c.Failure != nil {
		state = look.paint(bad, "fail")
	} else if c.Encrypted() && !c.Verified {
		state = look.paint(doubtful, "warn")
	}
	if look.Labels {
		head := mode
		if c.TLSVersion != "" {
			head += ", " + c.TLSVersion
		}
		return head + ": " + state + ": " + offerText(c)
	}
	return pad(mode, 8) + "  " + pad(c.TLSVersion, 7) + "  " + pad(state, 4) + "  " + offerText(c)
}

// offerText says which login a cell leads to, or why none.
func offerText(c event.Cell) string {
	var parts []string
	if c.Failure != nil {
		parts = append(parts, wire.Safe(c.Failure.Error()))
	}
	switch {
	case c.Encrypted() && c.Verified:
		parts = append(parts, "certificate valid")
	case c.Encrypted() && c.Certificate != nil:
		parts = append(parts, "certificate not valid: "+wire.Safe(c.Certificate.Detail))
	}
	plus, noPlus := predictionText(c.Prediction(true)), predictionText(c.Prediction(false))
	if plus != "" {
		parts = append(parts, plus)
	}
	if noPlus != "" && noPlus != plus {
		parts = append(parts, "with scramplus=no "+noPlus)
	}
	for _, login := range c.Logins {
		outcome := "login succeeded"
		if !login.OK {
			outcome = "login failed, " + wire.Safe(login.Failure.Error())
		}
		if login.SASL != nil && login.SASL.Used != "" {
			outcome = login.SASL.Used + " " + outcome
		}
		parts = append(parts, outcome)
	}
	return strings.Join(parts, "; ")
}

func predictionText(p event.Prediction) string {
	if p.Binding != "" {
		return p.Mechanism + " by " + p.Binding
	}
	return p.Mechanism
}

// together joins the places of judgements that say the same.
type together struct {
	text   string
	places []string
}

func gather(list []together, text, place string) []together {
	at := slices.IndexFunc(list, func(t together) bool { return t.text == text })
	if at < 0 {
		return append(list, together{text, []string{place}})
	}
	list[at].places = append(list[at].places, place)
	return list
}

func (t together) lines(label string, look Look) []string {
	return look.wrapped(strings.Join(t.places, ", ")+": "+t.text, look.label(label), look.below(label))
}

// below begins a line that goes on with the one above it: blanks for the eye,
// a label of its own for a screen reader.
func (l Look) below(label string) string {
	if l.Labels {
		return label + ": "
	}
	return strings.Repeat(" ", labelWidth+1)
}

func versionLines(versions []model.VersionDifference, look Look) []string {
	var list []together
	for _, v := range versions {
		list = gather(list, wire.Safe(v.Text), fmt.Sprintf("%s %s", v.Address, v.Mode))
	}
	var lines []string
	for _, t := range list {
		lines = append(lines, t.lines("versions", look)...)
	}
	return lines
}

func channelLines(channels []model.Channel, look Look) []string {
	ends := map[model.TLSEnd]string{model.AtServer: "TLS ends at the server", model.AtProxy: "TLS ends at a proxy, or at somebody who listens in"}
	var list []together
	for _, c := range channels {
		text := ends[c.End] + ", " + string(c.Sure) + ": " + wire.Safe(c.Because)
		if c.End == model.AtUnknown {
			text = "where TLS ends we " + string(c.Sure) + ": " + wire.Safe(c.Because)
		}
		list = gather(list, text, fmt.Sprintf("%s %s", c.Address, c.Mode))
	}
	var lines []string
	for _, t := range list {
		lines = append(lines, t.lines("tls", look)...)
	}
	return lines
}

func wayLines(number int, w model.MatrixWay, look Look) []string {
	role := good
	if w.Rank < event.VerifiedPLAIN || w.Doubt != "" {
		role = doubtful
	}
	head := look.paint(role, wire.Safe(w.Edit.Label)) + ": " + w.Grade + ", " + predictionText(event.Prediction{Mechanism: w.Mechanism, Binding: w.Binding})
	if w.LoggedIn {
		head += ", login succeeded"
	}
	lines := look.wrapped(head, look.label(fmt.Sprintf("url %d", number)), look.below("url"))
	lines = append(lines, look.below("edited url")+wire.Safe(w.Edit.URL))
	for _, n := range remarks(w) {
		lines = append(lines, look.wrapped(wire.Safe(n), look.below("note"), look.below("note"))...)
	}
	return lines
}

// remarks are what there is to say against a way, the worst first.
func remarks(w model.MatrixWay) []string {
	var list []string
	if w.Doubt != "" {
		list = append(list, "doubtful: "+w.Doubt)
	}
	if w.Apprise != "" {
		list = append(list, "not for Apprise: "+w.Apprise)
	}
	return append(list, w.Notes...)
}

func matrixResult(m model.Matrix, look Look) string {
	switch {
	case m.OK:
		text := look.paint(good, "ok") + ", " + plural(len(m.Ways), "URL") + " would work"
		if more := len(m.Ways) - mostWays; more > 0 {
			text += fmt.Sprintf(", the best %d are shown", mostWays)
		}
		return text
	case m.Failure != nil:
		return look.paint(bad, "failed") + ", nothing works; nearest was " + wire.Safe(m.Failure.Error())
	}
	return look.paint(bad, "failed") + ", there was nowhere to look"
}
