package matrix

import (
	"fmt"
	"net"
	"slices"
	"strings"

	"xmppscope/model/finding"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// VersionDifference is a place where the TLS version decides what login is
// offered.
type VersionDifference struct {
	Address string       `json:"address"`
	Mode    urlspec.Mode `json:"mode"`
	Text    string       `json:"text"`
}

// versionDifferences compares the two cells of each place and mode with TLS.
func versionDifferences(cells []event.Cell) []VersionDifference {
	var list []VersionDifference
	for _, newer := range cells {
		for _, older := range cells {
			if newer.TLSVersion != "TLS 1.3" || older.TLSVersion != "TLS 1.2" || newer.Address != older.Address ||
				newer.Mode != older.Mode {
				continue
			}
			if text := differ(newer, older); text != "" {
				list = append(list, VersionDifference{Address: newer.Address, Mode: newer.Mode, Text: text})
			}
		}
	}
	return list
}

// differ says what two TLS versions of one place offer differently.
func differ(newer, older event.Cell) string {
	switch {
	case newer.Failure != nil && older.Failure != nil:
		return ""
	case newer.Failure != nil:
		return "only TLS 1.2 works; with TLS 1.3: " + string(newer.Failure.Cause)
	case older.Failure != nil:
		return "only TLS 1.3 works; with TLS 1.2: " + string(older.Failure.Cause)
	}
	var parts []string
	add := func(version, what string, some, others []string) {
		only := slices.DeleteFunc(slices.Sorted(slices.Values(some)), func(s string) bool {
			return slices.Contains(others, s)
		})
		if len(only) > 0 {
			parts = append(parts, fmt.Sprintf("%s only with %s: %s", what, version, strings.Join(only, ", ")))
		}
	}
	add("TLS 1.3", "mechanisms", offered(newer), offered(older))
	add("TLS 1.2", "mechanisms", offered(older), offered(newer))
	add("TLS 1.3", "bindings", newer.Bindings, older.Bindings)
	add("TLS 1.2", "bindings", older.Bindings, newer.Bindings)
	return strings.Join(parts, "; ")
}

// offered is the mechanisms that count: those of SASL2 where there are some.
func offered(c event.Cell) []string {
	if len(c.SASL2) > 0 {
		return c.SASL2
	}
	return c.Mechanisms
}

// Certainty is how sure a judgement is.
type Certainty string

// The certainties.
const (
	Certain    Certainty = "certain"
	Likely     Certainty = "likely"
	CannotTell Certainty = "cannot tell"
)

// TLSEnd is where TLS ends.
type TLSEnd string

// The ends.
const (
	AtServer  TLSEnd = "server"
	AtProxy   TLSEnd = "proxy" // or at somebody who listens in
	AtUnknown TLSEnd = "unknown"
)

// Channel says whether TLS ends at the server, where a login can be bound to
// it, or at something in between.
type Channel struct {
	Address string       `json:"address"`
	Mode    urlspec.Mode `json:"mode"`
	End     TLSEnd       `json:"tls_ends_at"`
	Sure    Certainty    `json:"sure"`
	Because string       `json:"because"`
}

// channels judges each encrypted way that came to the features, in the TLS
// version that a session would have.
func channels(cells []event.Cell) []Channel {
	var reached []event.Cell
	for _, c := range event.Negotiated(cells) {
		if c.Encrypted() && c.Plus != nil {
			reached = append(reached, c)
		}
	}
	var list []Channel
	for _, c := range reached {
		end, sure, because := judge(c, reached)
		list = append(list, Channel{Address: c.Address, Mode: c.Mode, End: end, Sure: sure, Because: because})
	}
	return list
}

// judge weighs the evidence, the strongest first: a login that was bound, what
// the server says inside TLS, a binding that was refused, and comparisons
// between ways to the same address.
func judge(c event.Cell, all []event.Cell) (TLSEnd, Certainty, string) {
	endPoint := false
	for _, login := range c.Logins {
		if binding := boundBy(login); login.OK && binding != "" && binding != "tls-server-end-point" {
			return AtServer, Certain, "a login bound to this TLS session by " + binding + " succeeded"
		} else if login.OK && binding != "" {
			endPoint = true
		}
	}
	if c.STARTTLSInside {
		return AtProxy, Certain, "inside TLS the server offers STARTTLS: it does not know that the connection is encrypted"
	}
	for _, login := range c.Logins {
		if login.Failure != nil && login.Failure.Cause == event.CauseChannelBinding {
			return judgeRefusal(c, login, all)
		}
	}
	if endPoint {
		return AtUnknown, CannotTell, "a login bound by tls-server-end-point succeeded; " +
			"a proxy with the server's own certificate would let it through as well"
	}
	if c.TLSVersion == "TLS 1.3" && slices.Contains(c.Bindings, "tls-unique") {
		return AtProxy, Likely,
			"the server lists tls-unique, which TLS 1.3 does not have: its own connection seems to be another one, with TLS 1.2"
	}
	if c.TLSVersion == "TLS 1.2" && finding.UnfittingBindings(c.TLSVersion, c.Bindings) {
		return AtProxy, Likely, "the server lists " + strings.Join(c.Bindings, ", ") + " and not tls-unique, as on TLS " +
			"1.3: " +
			"its own connection seems to be another one"
	}
	return judgeBeside(c, all)
}

// boundBy is the channel binding of a login, empty when it had none.
func boundBy(login event.LoginTry) string {
	if login.SASL == nil || !strings.HasSuffix(login.SASL.Used, "-PLUS") {
		return ""
	}
	return login.SASL.ChannelBinding
}

// judgeRefusal weighs a refused channel binding. It shows that the two ends
// have different values; whether because of something in between or because
// the server computes it wrongly is the question.
func judgeRefusal(c event.Cell, refused event.LoginTry, all []event.Cell) (TLSEnd, Certainty, string) {
	binding := boundBy(refused)
	for _, o := range all {
		for _, login := range o.Logins {
			switch {
			case !login.OK || boundBy(login) == "":
			case boundBy(login) == binding:
				return AtProxy, Certain,
					fmt.Sprintf("the server refused %s here and accepted it at %s (%s), so it computes it rightly",
						binding, o.Address, o.Mode)
			case boundBy(login) == "tls-server-end-point" && o.SHA256 == c.SHA256:
				return AtProxy, Certain,
					fmt.Sprintf("the server refused %s here, and accepted the binding to the same certificate at %s (%s)",
						binding, o.Address, o.Mode)
			}
		}
	}
	switch {
	case slices.Contains(c.Bindings, binding):
		return AtProxy, Likely,
			"the server lists " + binding + " and got another value than we did; a fault of the server cannot be ruled out"
	case strings.Contains(strings.ToLower(refused.Failure.Text), "isn't supported"):
		return AtProxy, Likely, "the server does not know " + binding + ", the binding of this TLS version: " +
			"its own connection seems to have another version"
	case refused.TLSVersion == "TLS 1.3" && len(c.Bindings) == 0:
		return AtUnknown, CannotTell, "the server refused " + binding + " and does not list what it knows; " +
			"ejabberd before 24.02 does that without any proxy"
	}
	return AtProxy, Likely, "the server refused " + binding
}

// judgeBeside compares a way with the other mode at the same address: STARTTLS
// with direct TLS, which usually are two ports of one server.
func judgeBeside(c event.Cell, all []event.Cell) (TLSEnd, Certainty, string) {
	same := ""
	for _, o := range all {
		if o.Mode == c.Mode || addressOf(o) != addressOf(c) {
			continue
		}
		beside := fmt.Sprintf("%s on port %d", o.Mode.Words(), o.Port)
		switch {
		case o.SHA256 != c.SHA256:
			return AtProxy, Likely,
				fmt.Sprintf("its certificate (SHA-256 %s…) is not that of %s (%s…): at one of the two something else may end "+
					"TLS",
					short(c.SHA256), beside, short(o.SHA256))
		case o.TLSVersion == c.TLSVersion && offersPlus(o) && !offersPlus(c):
			return AtProxy, Likely, beside + " offers channel binding with the same TLS version, and this way does not"
		}
		same = beside
	}
	if same != "" {
		return AtUnknown, CannotTell, "it has the certificate of " + same + ", " +
			"which a proxy with a copy of it would have too; a login with channel binding would tell"
	}
	return AtUnknown, CannotTell, "there is nothing to compare it with; a login with channel binding would tell"
}

// addressOf is the address of a cell without its port.
func addressOf(c event.Cell) string {
	host, _, err := net.SplitHostPort(c.Address)
	if err != nil {
		return c.Address
	}
	return host
}

func offersPlus(c event.Cell) bool { return slices.ContainsFunc(offered(c), event.BindsChannel) }

// short is the beginning of a fingerprint, enough to see a difference.
func short(sha256 string) string { return sha256[:min(len(sha256), 12)] }
