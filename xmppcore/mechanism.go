package xmppcore

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"

	"xmppscope/xmppcore/event"
)

// Channel binding types (RFC 9266, RFC 5929).
const (
	bindExporter = "tls-exporter"
	bindEndPoint = "tls-server-end-point"
	bindUnique   = "tls-unique"
)

// channel is what the login's choice depends on besides the features.
type channel struct {
	// tls is the state of the encrypted connection, nil when there is none.
	tls *tls.ConnectionState
	// early says that tls was seen before the handshake was over.
	early bool
	// scramPlus is the URL's scramplus=.
	scramPlus bool
	// clearPassword permits PLAIN without TLS: to loopback, or when the job
	// allows it.
	clearPassword bool
}

// choose predicts the login: the best mechanism that both sides can use, and
// why each of the others is not taken. The failure says why there is none.
// Nothing is sent.
func choose(features event.Features, ch channel) (event.SASL, *event.Failure) {
	offered := features.Mechanisms
	sasl2 := ch.tls != nil && len(features.SASL2) > 0
	if sasl2 { // the library takes XEP-0388 whenever it may
		offered = features.SASL2
	}
	data := event.SASL{Offered: offered, Bindings: features.Bindings, SASL2: sasl2}
	binding, unbound := channelBinding(ch, features.Bindings)
	for _, m := range event.Mechanisms() {
		if !slices.Contains(offered, m) {
			continue
		}
		if why := hindrance(m, ch, unbound); why != "" {
			data.Passed = append(data.Passed, event.PassedOver{Mechanism: m, Why: why})
			continue
		}
		if data.Predicted != "" {
			data.Passed = append(data.Passed, event.PassedOver{Mechanism: m, Why: data.Predicted + " is stronger"})
			continue
		}
		data.Predicted = m
		if event.BindsChannel(m) {
			data.ChannelBinding = binding
		}
	}
	for _, m := range offered {
		if !slices.Contains(event.Mechanisms(), m) {
			data.Passed = append(data.Passed, event.PassedOver{Mechanism: m, Why: "not one that we speak"})
		}
	}
	if data.Predicted != "" {
		return data, nil
	}
	return data, noMechanism(features, ch, data)
}

// noMechanism says why a login is impossible.
func noMechanism(features event.Features, ch channel, data event.SASL) *event.Failure {
	f := &event.Failure{Stage: event.StageSASL}
	switch {
	case ch.tls == nil && (features.STARTTLSRequired || len(data.Offered) == 0 && features.STARTTLS):
		f.Cause = event.CauseTLSRequired
		f.Detail = "before TLS it offers only STARTTLS"
		if !features.STARTTLSRequired {
			f.Detail = "before TLS it offers no login mechanism"
		}
	case len(data.Offered) == 0:
		f.Cause = event.CauseNoMechanisms
	case slices.ContainsFunc(data.Passed, func(p event.PassedOver) bool { return p.Mechanism == "PLAIN" }):
		f.Cause = event.CauseCleartextPassword
		f.Detail = "offered: " + strings.Join(data.Offered, ", ")
	default:
		f.Cause = event.CauseNoCommonMechanism
		f.Detail = fmt.Sprintf("offered: %s; we know: %s", strings.Join(data.Offered, ", "), strings.Join(usable(ch), ", "))
	}
	return f
}

// hindrance says why a mechanism that both sides know cannot be used, or "".
func hindrance(mechanism string, ch channel, unbound string) string {
	switch {
	case mechanism == "PLAIN" && ch.tls == nil && !ch.clearPassword:
		return "it would send the password in clear"
	case !event.BindsChannel(mechanism):
		return ""
	case ch.tls == nil:
		return "channel binding needs TLS"
	case !ch.scramPlus:
		return "scramplus=no"
	}
	return unbound
}

// usable are the mechanisms that this channel permits.
func usable(ch channel) []string {
	var known []string
	for _, m := range event.Mechanisms() {
		if hindrance(m, ch, "") == "" {
			known = append(known, m)
		}
	}
	return known
}

// automatic is what the library takes when it is not told: the first that is
// offered, without a look at bindings.
func automatic(offered []string) string {
	for _, m := range event.Mechanisms() {
		if slices.Contains(offered, m) {
			return m
		}
	}
	return ""
}

// channelBinding predicts the binding type that the library takes from the
// server's list (XEP-0440): its best one unless the server names only
// tls-server-end-point. unbound says why there is none.
//
// A server that names no types is taken at its mechanisms: it offers -PLUS, so
// it must know a type, and the default of the TLS version is the best guess
// (RFC 9266 3). ejabberd before 24.02 disproves it on TLS 1.3.
func channelBinding(ch channel, listed []string) (binding, unbound string) {
	if ch.tls == nil {
		return "", "channel binding needs TLS"
	}
	best := bindUnique
	if ch.tls.Version >= tls.VersionTLS13 {
		best = bindExporter
	}
	switch {
	case len(listed) == 0 || slices.Contains(listed, best):
		if best == bindUnique && len(ch.tls.TLSUnique) == 0 {
			return "", "this TLS session has no tls-unique value"
		}
		return best, ""
	case !slices.Contains(listed, bindEndPoint):
		return "", fmt.Sprintf("no channel binding in common: the server knows %s; we know %s and %s on %s",
			strings.Join(listed, ", "), best, bindEndPoint, tls.VersionName(ch.tls.Version))
	}
	return endPoint(ch)
}

// endPoint reports whether tls-server-end-point can be computed. Its hash is
// that of the certificate's signature (RFC 5929 4.1), which for Ed25519 is
// undefined; the library would crash on it. The library also demands keying
// material, which TLS 1.2 without extended master secret does not give.
//
// Before the handshake is over nobody can ask for that material; then it is
// taken to be there, and the library will say when it is not (see authenticate).
func endPoint(ch channel) (binding, unbound string) {
	state := ch.tls
	if len(state.PeerCertificates) == 0 {
		return "", "the server sent no certificate to bind to"
	}
	switch a := state.PeerCertificates[0].SignatureAlgorithm; a {
	case x509.SHA1WithRSA, x509.SHA256WithRSA, x509.ECDSAWithSHA1, x509.ECDSAWithSHA256, x509.SHA256WithRSAPSS,
		x509.SHA384WithRSA, x509.ECDSAWithSHA384, x509.SHA384WithRSAPSS,
		x509.SHA512WithRSA, x509.ECDSAWithSHA512, x509.SHA512WithRSAPSS:
	default:
		return "", fmt.Sprintf("%s is not defined for a certificate signed with %s", bindEndPoint, a)
	}
	if state.Version < tls.VersionTLS13 && !ch.early {
		if _, err := state.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32); err != nil {
			return "", "no keying material from this TLS session: " + err.Error()
		}
	}
	return bindEndPoint, ""
}
