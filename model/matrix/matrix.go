package matrix

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/model/finding"
	"xmppscope/model/inspect"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// Matrix is what the cells of an exploration come to: the URLs that would
// work, the best first. It is the last JSON line of the command matrix.
type Matrix struct {
	V    int           `json:"v"`
	Type fact.LineType `json:"type"`
	// OK says that some URL would log in; after an exploration with logins,
	// that one did.
	OK  bool   `json:"ok"`
	URL string `json:"url"` // redacted
	// Ways are the URLs that would work.
	Ways []Way `json:"ways"`
	// Versions tells where TLS 1.2 and TLS 1.3 offer different logins.
	Versions []VersionDifference `json:"versions,omitempty"`
	// Channels says for each encrypted way whether TLS ends at the server.
	Channels []Channel `json:"channels,omitempty"`
	// Failure is the one that came nearest to a login, when not OK.
	FailedStage event.Stage    `json:"failed_stage,omitempty"`
	Failure     *event.Failure `json:"failure,omitempty"`
}

// Way is a URL that would work.
type Way struct {
	// Edit leads there from the present URL; its label is "as it is" when
	// nothing has to change.
	Edit      finding.Fix  `json:"edit"`
	Host      string       `json:"host"`
	Port      int          `json:"port"`
	Mode      urlspec.Mode `json:"mode"`
	ScramPlus bool         `json:"scramplus"`
	Verify    bool         `json:"verify"`
	// Grade is how good the login would be, in words; Rank is the same as a
	// number, more is better.
	Grade      string      `json:"grade"`
	Rank       event.Grade `json:"rank"`
	TLSVersion string      `json:"tls_version,omitempty"`
	Mechanism  string      `json:"mechanism"`
	Binding    string      `json:"channel_binding,omitempty"`
	Addresses  []string    `json:"addresses"`
	// LoggedIn is true when a login succeeded there.
	LoggedIn bool `json:"logged_in"`
	// Doubt says why it may fail all the same; empty when nothing speaks
	// against it.
	Doubt string `json:"doubt,omitempty"`
	// Apprise says why Apprise would not log in there; empty when nothing
	// known keeps it from it.
	Apprise string   `json:"apprise,omitempty"`
	Notes   []string `json:"notes,omitempty"`

	steps candidate
	at    int // its place among the cells
}

// asItIs is the label of the edit that changes nothing.
const asItIs = "as it is"

// New ranks what an exploration found, starting from the URL that it was
// made from. login says that logins were asked for: then only a success counts.
// trust is what Apprise is taken to trust.
func New(spec urlspec.Spec, cells []event.Cell, login bool, trust model.AppriseTrust) Matrix {
	spec = spec.Veiled()
	m := Matrix{V: 1, Type: fact.LineMatrix, URL: spec.Redacted(), Ways: []Way{},
		Versions: versionDifferences(cells), Channels: channels(cells)}
	for at, g := range groups(cells) {
		for _, w := range g.ways(spec.Reading, trust) {
			w.at = at
			if m.doubt(&w, cells) && w.find(spec) {
				m.Ways = append(m.Ways, w)
			}
		}
	}
	slices.SortStableFunc(m.Ways, Way.compare)
	m.OK = len(m.Ways) > 0
	if login {
		m.OK = slices.ContainsFunc(m.Ways, func(w Way) bool { return w.LoggedIn })
	}
	if !m.OK {
		if m.Failure = nearest(cells); m.Failure != nil {
			m.FailedStage = m.Failure.Stage
		}
	}
	return m
}

// ExitCode is the exit code of the command: 0 when some URL would work, else
// that of the failure that came nearest to a login.
func (m Matrix) ExitCode() model.ExitCode {
	switch {
	case m.OK:
		return model.ExitDone
	case m.Failure == nil: // nothing was explored
		return model.ExitConnect
	}
	return (&model.Run{Kind: model.Check, Failure: m.Failure, Done: true}).ExitCode()
}

// compare orders ways, the best first: a login that succeeded, no doubt, the
// better grade, one that Apprise can use, the shorter edit, the newer TLS.
func (w Way) compare(o Way) int {
	first := func(a, b bool) int {
		switch {
		case a == b:
			return 0
		case a:
			return -1
		}
		return 1
	}
	return cmp.Or(
		first(w.LoggedIn, o.LoggedIn),
		first(w.Doubt == "", o.Doubt == ""),
		-cmp.Compare(w.Rank, o.Rank),
		first(w.Apprise == "", o.Apprise == ""),
		w.steps.compare(o.steps),
		-strings.Compare(w.TLSVersion, o.TLSVersion),
		cmp.Compare(w.at, o.at),
	)
}

// find fills in the shortest edit.
func (w *Way) find(spec urlspec.Spec) bool {
	steps, ok := shortestEdit(spec, destination{w.Host, w.Port, w.Mode, w.ScramPlus, w.Verify})
	if !ok {
		return false
	}
	w.steps = steps
	label := strings.Join(steps.labels, ", ")
	if label == "" {
		label = asItIs
	}
	if !w.Verify && spec.Reading.Verify {
		label += " (unsafe: anybody in between can then pose as the server)"
	}
	text := steps.spec.Text
	w.Edit = finding.Fix{Label: label, URL: urlspec.Redact(text), Edited: text}
	return true
}

// group is the cells that one host, port and mode may lead to: one for each
// address.
type group struct {
	host  string
	port  int
	mode  urlspec.Mode
	cells []event.Cell
	// dead are the addresses that lead nowhere; stuck is one that says nothing and comes
	// before all that work, so that Apprise never gets past it.
	dead  []string
	stuck string
}

// groups sorts the cells by what a URL can say. A session takes the best TLS
// version, which a URL cannot choose.
func groups(cells []event.Cell) []group {
	var list []group
	of := func(host string, c event.Cell) *group {
		for i := range list {
			if g := &list[i]; g.host == host && g.port == c.Port && g.mode == c.Mode {
				return g
			}
		}
		list = append(list, group{host: host, port: c.Port, mode: c.Mode})
		return &list[len(list)-1]
	}
	for _, c := range event.Negotiated(cells) {
		for _, host := range c.Hosts {
			g := of(host, c)
			if c.Failure == nil {
				g.cells = append(g.cells, c)
			} else {
				g.dead = append(g.dead, c.Address)
			}
		}
	}
	for _, c := range cells { // what did not even connect is dead in every mode
		for i := range list {
			if g := &list[i]; c.Mode == "" && c.Address != "" && g.port == c.Port && slices.Contains(c.Hosts, g.host) {
				g.dead = append(g.dead, c.Address)
				if len(g.cells) > 0 && g.stuck == "" && isSilent(c) &&
					precedes(cells, c, g.cells[0]) {
					g.stuck = c.Address
				}
			}
		}
	}
	return slices.DeleteFunc(list, func(g group) bool { return len(g.cells) == 0 })
}

// isSilent reports whether nothing answered the attempt to connect.
func isSilent(c event.Cell) bool { return c.Failure != nil && c.Failure.Cause == event.CauseTimeout }

// precedes reports whether a cell was found before another one: addresses of a name are
// explored in the order of the resolver.
func precedes(cells []event.Cell, one, other event.Cell) bool {
	for _, c := range cells {
		switch c.Address {
		case one.Address:
			return true
		case other.Address:
			return false
		}
	}
	return false
}

// ways are what a URL can say about the login at a group. A session may come
// to any of the addresses, so the worst one counts.
func (g group) ways(r urlspec.Reading, trust model.AppriseTrust) []Way {
	worstOf := func(scramPlus bool) event.Cell {
		return slices.MinFunc(g.cells, func(a, b event.Cell) int {
			return cmp.Compare(a.Grade(scramPlus), b.Grade(scramPlus))
		})
	}
	matters := event.BindsChannel(worstOf(true).Prediction(true).Mechanism)
	var out []Way
	for _, scramPlus := range []bool{true, false} {
		worst := worstOf(scramPlus)
		grade, login := worst.Grade(scramPlus), worst.Prediction(scramPlus)
		if grade == event.Unusable || !matters && scramPlus != r.ScramPlus {
			continue
		}
		w := Way{Host: g.host, Port: g.port, Mode: g.mode, ScramPlus: scramPlus, Verify: r.Verify,
			Rank: grade, TLSVersion: worst.TLSVersion, Mechanism: login.Mechanism, Binding: login.Binding}
		for _, c := range g.cells {
			w.Addresses = append(w.Addresses, c.Address)
		}
		if len(g.dead) > 0 {
			w.Notes = append(w.Notes, "these addresses of the same name do not work: "+strings.Join(g.dead, ", "))
		}
		if w.Apprise = appriseObjects(worst, scramPlus, trust); w.Apprise == "" && g.stuck != "" {
			w.Apprise = "it tries one address after the other, and gives up at " + g.stuck + ", which does not answer"
		}
		out = append(out, w.checked(worst)...)
	}
	return out
}

// checked gives a way with the certificate check as it must be: on where the
// certificate is valid, off where it is not. A URL that turns a check off that
// would pass is also offered as it is.
func (w Way) checked(c event.Cell) []Way {
	w.Grade = w.Rank.Text()
	switch {
	case w.Mode == urlspec.ModeNone:
		return []Way{w}
	case !c.Verified:
		w.Verify = false
		if c.Certificate != nil {
			w.Notes = append(w.Notes, c.Certificate.Detail)
		}
		return []Way{w}
	case !w.Verify:
		off := w
		off.Grade, off.Rank = "TLS, certificate valid but not checked", w.Rank-(event.Verified-event.Unverified)
		w.Verify = true
		return []Way{w, off}
	}
	return []Way{w}
}

// appriseObjects says why Apprise 2.1.0 with slixmpp 1.17 would not log in
// where we would.
func appriseObjects(c event.Cell, scramPlus bool, trust model.AppriseTrust) string {
	if c.Mode == urlspec.ModeNone {
		return "it gives no password without TLS"
	}
	if c.Verified && c.TLS.NotMozilla != "" && !trust.OfThisMachine() {
		return "this machine trusts the certificate's authority, and Mozilla's list, which Apprise's certifi is taken " +
			"to be, does not have it (on Debian it is the system's: --apprise-trust system)"
	}
	if scramPlus && c.TLSVersion == "TLS 1.2" && slices.ContainsFunc(c.Mechanisms, event.BindsChannel) &&
		len(c.Bindings) > 0 && !slices.Contains(c.Bindings, "tls-unique") {
		return "it binds the login by tls-unique, which the server does not list on TLS 1.2"
	}
	if why := inspect.PythonRefuses(&c.TLS); c.Verified && why != "" {
		return "its Python refuses the certificate, because " + why
	}
	if c.WithoutALPN != nil {
		return "it does not name the protocol in the handshake (ALPN), and something else answers then: " +
			c.WithoutALPN.Brief()
	}
	features := event.Features{Encrypted: true, Mechanisms: c.Mechanisms, SASL2: c.SASL2, Bindings: c.Bindings}
	if !scramPlus && finding.RefusesFlagY(features) {
		return "with scramplus=no it claims that the server has no channel binding, which a server that has must refuse " +
			"(RFC 5802 section 6)"
	}
	return ""
}

// doubt compares a way with the logins that were tried. It returns false for
// one that was refused.
func (m *Matrix) doubt(w *Way, cells []event.Cell) bool {
	for _, c := range cells {
		for _, login := range c.Logins {
			bound := boundBy(login) != ""
			here := c.Port == w.Port && c.Mode == w.Mode && slices.Contains(c.Hosts, w.Host) &&
				event.BindsChannel(c.Prediction(login.ScramPlus).Mechanism) == event.BindsChannel(w.Mechanism)
			switch {
			case here && login.OK:
				w.LoggedIn, w.Doubt = true, ""
				return true
			case here:
				return false
			case login.OK:
			case login.Failure.Cause == event.CauseAuth && !bound:
				w.Doubt = "the server refused the account or the password elsewhere"
			case bound && boundBy(login) == w.Binding:
				w.Doubt = fmt.Sprintf("the server refused a login bound by %s elsewhere", w.Binding)
			case login.Failure.Condition == "policy-violation":
				w.Doubt = "the server refuses logins for now"
			}
		}
	}
	return true
}

// nearest is the failure that came nearest to a login, the first of them.
// Refused logins count before all others. A certificate that is not valid
// counts as a failed handshake, since nothing but it stood in the way.
func nearest(cells []event.Cell) *event.Failure {
	var best *event.Failure
	consider := func(f *event.Failure) {
		if f != nil && (best == nil || nearness(f) > nearness(best)) {
			best = f
		}
	}
	for _, c := range cells {
		for _, login := range c.Logins {
			consider(login.Failure)
		}
	}
	if best != nil {
		return best
	}
	for _, c := range cells {
		consider(c.Failure)
		if c.Failure == nil {
			consider(c.Certificate)
		}
	}
	return best
}

// nearness is the stage that a failure came to. What only says that this is
// the wrong mode for the port came no further than the connection.
func nearness(f *event.Failure) int {
	stage := f.Stage
	switch f.Cause {
	case event.CauseNotTLS, event.CauseTLSRequired:
		stage = event.StageTCP
	case event.CauseClosed:
		if stage == event.StageStream || f.Unprompted {
			stage = event.StageTCP
		}
	}
	return slices.Index(event.Stages(urlspec.ModeSTARTTLS), stage)
}
