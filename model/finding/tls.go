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
		remedy: remedy{edit: directTLSEdit, safe: true},
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
		remedy: remedy{edit: directTLSEdit, safe: true},
		help:   "The server offers STARTTLS and then refuses to start it.",
		text:   "Usually it has no usable certificate for the domain. Direct TLS on another port may work.",
		causes: []event.Cause{event.CauseSTARTTLSRefused},
		title:  func(f *facts) string { return "The server offered STARTTLS and then refused it." },
		fix:    directTLSFix,
		admin:  "Prosody: prosodyctl check certs; ejabberd: look for the certfiles in its log.",
	},
	{
		code:   "starttls-injected",
		remedy: remedy{edit: directTLSEdit, safe: true},
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
		remedy: remedy{edit: standardPortEdit, safe: true},
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
		code: "certificate-unreadable",
		help: "Go cannot read the server's certificate; Apprise's OpenSSL may.",
		text: "It breaks a rule of form, such as a serial number below zero, which OpenSSL does not mind as much.",
		when: func(f *facts) bool { return f.lacks(event.LackForm) },
		title: func(f *facts) string {
			return "We cannot read the server's certificate: " + f.failure.Lacking.Name + "."
		},
		explain: func(f *facts) string {
			return "Go's TLS refuses it for its form, before anything in it is looked at, with verify=no too. Apprise's " +
				"OpenSSL does not mind all that Go minds: it may take the certificate."
		},
		admin: "Issue the certificate anew, with a current program.",
	},
	{
		code: "tls-no-certificate",
		help: "The server ends the handshake whatever algorithms it is offered, those of Apprise's OpenSSL too.",
		text: "Usually it has no certificate that it can use for the domain, so that no algorithm fits.",
		when: func(f *facts) bool { return f.lacks(event.LackAll) },
		title: func(f *facts) string {
			return "The server ends the handshake whatever algorithms it is offered: it probably has no certificate."
		},
		explain: func(f *facts) string {
			return "It said handshake_failure to ours, and to another one with all that Apprise's OpenSSL offers. " +
				"Usually it has no certificate that it can use for " + f.reading.StreamTo + "."
		},
		admin: "Prosody: prosodyctl check certs; ejabberd: certfiles, and its log.",
	},
	{
		code: "tls-nothing-common",
		help: "The server and we have no algorithm in common for the TLS handshake.",
		text: "Go has no key exchange by RSA or DHE, no X448, and no certificates with Ed448 or RSA-PSS keys. Apprise's " +
			"OpenSSL has most of them: it may get through where we cannot.",
		causes: []event.Cause{event.CauseTLS},
		when:   func(f *facts) bool { return f.failure.Alert == event.AlertNothing },
		title: func(f *facts) string {
			l := f.failure.Lacking
			switch {
			case f.lacks(event.LackCipher):
				return "The server wants the cipher " + l.Name + ", which we do not have; Apprise may get through."
			case f.lacks(event.LackCurve):
				return "The server wants a key exchange by " + l.Name + ", which we do not have; Apprise may get through."
			case f.lacks(event.LackKey):
				return "The server's certificate has an " + l.Name + " key, which we do not know; Apprise may get through."
			}
			return "The server has no cipher, curve or kind of key in common with us; Apprise may get through."
		},
		explain: func(f *facts) string {
			if f.failure.Lacking == nil {
				return "Go has no key exchange by RSA or DHE, no X448, and no certificates with Ed448 or RSA-PSS keys. " +
					"Apprise's OpenSSL has most of them."
			}
			s := "It refused our handshake, and took another one that offers what Apprise's OpenSSL offers. "
			if f.keyByRSA() {
				return s + "Debian's Python offers this cipher. The Python of python.org and of its containers does not: " +
					"there Apprise fails as we do."
			}
			return s + "So Apprise comes through the handshake, if its Python takes the certificate, which we did not see."
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
		code:   "tls-closed",
		help:   "The server closed the connection during the TLS handshake.",
		text:   "Often it has no certificate for the account's domain, or the port belongs to something else.",
		causes: []event.Cause{event.CauseClosed},
		when:   func(f *facts) bool { return f.at(event.StageTLS) },
		title:  func(f *facts) string { return "The server closed the connection during the TLS handshake." },
		admin:  "Check that a certificate for the domain is configured (prosodyctl check certs; ejabberd: certfiles).",
	},
}

// lacks reports whether the handshake failed for want of something of that kind.
func (f *facts) lacks(kind event.Lack) bool {
	return f.failure.Cause == event.CauseTLS && f.failure.Lacking != nil && f.failure.Lacking.Kind == kind
}

// keyByRSA reports whether the server wants a cipher that the list of ciphers of
// Python itself leaves out: without forward secrecy, or with SHA-1. Debian builds
// Python with the list of OpenSSL.
func (f *facts) keyByRSA() bool {
	return f.lacks(event.LackCipher) &&
		(!strings.Contains(f.failure.Lacking.Name, "DHE-") || strings.HasSuffix(f.failure.Lacking.Name, "-SHA"))
}

// directTLSEdit is what directTLSFix does.
const directTLSEdit = "mode=tls, at the server of the SRV record or else on port 5223"

// directTLSFix moves from STARTTLS to direct TLS, where an SRV record names a server for
// that, or else on its standard port.
func directTLSFix(f *facts) *Fix {
	for _, place := range f.places() {
		if directTLS(place) && !f.tried(place) {
			label, steps := f.stepsTo(place)
			return f.edit(label, steps...)
		}
	}
	return f.edit("use direct TLS: mode=tls", SetParam("mode", string(urlspec.ModeTLS)),
		setPort(standardPort(urlspec.ModeTLS)))
}
