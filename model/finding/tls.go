package finding

import (
	"fmt"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// tlsRules are the failures of starttls and of the handshake, except those of
// the certificate.
var tlsRules = []rule{
	{
		code:   "starttls-not-offered",
		remedy: remedy{edit: "mode=tls on port 5223", safe: true},
		help:   "The server does not offer STARTTLS.",
		text: "Either TLS is off on this port, or somebody on the way removed the offer; " +
			"going on in clear would be the wrong answer to both. Direct TLS (mode=tls, usually port 5223) cannot be " +
			"stripped like that.",
		causes: []event.Cause{event.CauseNoSTARTTLS},
		title:  func(f *facts) string { return fmt.Sprintf("%s offers no STARTTLS.", f.endpoint()) },
		fix:    directTLSFix,
		admin: "Prosody: a certificate for the VirtualHost (prosodyctl cert) and the module tls; ejabberd: " +
			"starttls: true on the listener.",
	},
	{
		code:   "starttls-refused",
		remedy: remedy{edit: "mode=tls on port 5223", safe: true},
		help:   "The server offers STARTTLS and then refuses to start it.",
		text:   "Usually it has no usable certificate for the domain. Direct TLS on another port may work.",
		causes: []event.Cause{event.CauseSTARTTLSRefused},
		title:  func(f *facts) string { return "The server offered STARTTLS and then refused it." },
		fix:    directTLSFix,
		admin:  "Prosody: prosodyctl check certs; ejabberd: look for the certfiles in its log.",
	},
	{
		code:   "starttls-injected",
		remedy: remedy{edit: "mode=tls on port 5223", safe: true},
		help:   "Bytes stood between the server's consent to TLS and the handshake.",
		text: "No server has a reason to send any there: somebody may be trying to slip words into the encrypted stream " +
			"(RFC 6120 section 5.4.3.3). We ended the connection.",
		causes: []event.Cause{event.CauseBadXML},
		when:   func(f *facts) bool { return f.failure.Injected },
		title: func(f *facts) string {
			return "Somebody put bytes between the server's consent to TLS and the handshake."
		},
		fix: directTLSFix,
	},
	{
		code:   "starttls-port",
		remedy: remedy{edit: "mode=starttls", safe: true},
		help:   "The port does not start with TLS: it speaks XMPP in clear first and upgrades with STARTTLS.",
		text:   "mode=starttls gives the same encryption there.",
		causes: []event.Cause{event.CauseNotTLS},
		title:  func(f *facts) string { return fmt.Sprintf("Port %d does not start with TLS.", f.reading.Port) },
		explain: func(f *facts) string {
			return fmt.Sprintf("%s answered the TLS handshake with something else. Ports that upgrade with STARTTLS (usually "+
				"5222) do that: mode=starttls gives the same encryption.", f.endpoint())
		},
		fix:   func(f *facts) *Fix { return f.setMode(urlspec.ModeSTARTTLS, "use mode=starttls") },
		admin: "Prosody: c2s_direct_tls_ports = { 5223 }; ejabberd: a listener with tls: true.",
	},
	{
		code:   "tls-version",
		help:   "The server and we have no TLS version in common.",
		text:   "We speak 1.2 and 1.3; RFC 9325 forbids the older ones, which is all that the server knows.",
		causes: []event.Cause{event.CauseTLSVersion},
		title:  func(f *facts) string { return "The server knows only TLS versions that are no longer safe." },
		admin:  "Enable TLS 1.2 and 1.3 (Prosody: ssl = { protocol = \"tlsv1_2+\" }; ejabberd: c2s_protocol_options).",
	},
	{
		code:   "alpn-refused",
		remedy: remedy{edit: "take the standard port of the mode", safe: true},
		help:   "The port does not serve XMPP under the name xmpp-client.",
		text: "With direct TLS we name the protocol (ALPN, XEP-0368), as clients should; " +
			"what answered knows others only, and is probably a web server. Direct TLS for XMPP is usually on port 5223.",
		causes: []event.Cause{event.CauseTLS},
		when:   func(f *facts) bool { return f.failure.Alert == event.AlertProtocol },
		title:  func(f *facts) string { return fmt.Sprintf("Port %d serves TLS, but not XMPP.", f.reading.Port) },
		fix:    useStandardPort,
		admin:  "Let the multiplexer pass the ALPN protocol xmpp-client to the XMPP server.",
	},
	{
		code: "tls-name-unknown",
		remedy: remedy{edit: "write the domain above as host, and the server's name as xmpp=",
			cost: "It is another account then."},
		help: "The server has no certificate for the account's domain, and ends the handshake for that.",
		text: "The name in the handshake is the account's domain. Either the server does not serve it, or its " +
			"certificate is missing.",
		causes: []event.Cause{event.CauseTLS},
		when:   func(f *facts) bool { return f.failure.Alert == event.AlertName },
		title: func(f *facts) string {
			return fmt.Sprintf("The server has no certificate for %s.", f.reading.StreamTo)
		},
		fix:   (*facts).parentDomain,
		admin: "Prosody: a VirtualHost for the domain with a certificate (prosodyctl cert); ejabberd: certfiles.",
	},
	{
		code: "client-certificate-demanded",
		help: "The server takes only clients that show a certificate of their own.",
		text: "An Apprise URL cannot carry one, so neither Apprise nor we can log in there. With STARTTLS Apprise reports " +
			"success all the same.",
		causes: []event.Cause{event.CauseClientCertificate},
		title: func(f *facts) string {
			return fmt.Sprintf("%s demands a client certificate, which an Apprise URL cannot carry.", f.endpoint())
		},
		fix:    nextPlace,
		remedy: remedy{edit: "connect to the other server of the SRV records: xmpp=, port and mode", safe: true},
		admin: "Ask for none on this port (stunnel: requireCert, verifyChain; haproxy: verify required; Prosody: " +
			"verify options of ssl), or open another port for programs that have a password only.",
	},
	{
		code: "tls-nothing-common",
		help: "The server and we have no algorithm in common for the TLS handshake.",
		text: "We know no key exchange with RSA alone, no X448, and no certificates with Ed448 or RSA-PSS keys, since " +
			"Go does " +
			"not. Apprise's OpenSSL knows most of them: it may get through where we cannot.",
		causes: []event.Cause{event.CauseTLS},
		when:   func(f *facts) bool { return f.failure.Alert == event.AlertNothing },
		title: func(f *facts) string {
			return "The server has no cipher, curve or kind of key in common with us; Apprise may get through."
		},
		admin: "Offer ECDHE with X25519 or P-256 (Prosody: ssl.ciphers, curveslist), and a certificate with an ECDSA or " +
			"RSA key.",
	},
	{
		code:   "tls-failed",
		help:   "The TLS handshake failed.",
		text:   "The sides did not agree on its parameters.",
		causes: []event.Cause{event.CauseTLS},
		title: func(f *facts) string {
			return "The TLS handshake failed: " + strings.TrimRight(f.failure.Detail, ".") + "."
		},
	},
	{
		code: "tls-closed",
		help: "The server closed the connection during the TLS handshake.",
		text: "Often it has no certificate for the account's domain. Or it stands behind a proxy whose server is down, or " +
			"which expects the PROXY protocol, or speaks it to a server that does not.",
		causes: []event.Cause{event.CauseClosed},
		when:   func(f *facts) bool { return f.at(event.StageTLS) },
		title:  func(f *facts) string { return "The server closed the connection during the TLS handshake." },
		admin:  "Check that a certificate for the domain is configured (prosodyctl check certs; ejabberd: certfiles).",
	},
}

// directTLSFix moves from STARTTLS to direct TLS, on its standard port.
func directTLSFix(f *facts) *Fix {
	return f.edit("use direct TLS: mode=tls", SetParam("mode", string(urlspec.ModeTLS)),
		setPort(standardPort(urlspec.ModeTLS)))
}
