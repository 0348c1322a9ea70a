package finding

import (
	"fmt"
	"strings"

	"xmppscope/model/inspect"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

var (
	otherName        = []event.Cause{event.CauseCertName}
	unknownAuthority = []event.Cause{event.CauseCertAuthority}
)

const certificateAdmin = "Get a certificate that names the account's domain, for example with certbot -d DOMAIN " +
	"(Prosody: prosodyctl cert import; ejabberd: certfiles, or acme)."

// certificateRules are the certificates that are not accepted.
var certificateRules = []rule{
	{
		code: "host-not-domain",
		remedy: remedy{edit: "write the domain above as host, and the server's name as xmpp=",
			cost: "It is another account then."},
		causes: otherName,
		help:   "The host in the URL is the server's own name, and the certificate is for the domain above it.",
		text: "The host in the URL must be the account's domain, what stands after the @ of its address; " +
			"the server's name goes into xmpp=.",
		when: func(f *facts) bool {
			return f.Spec.Origins.Domain.Source == urlspec.FromHost && f.presents(domainAbove(f.reading.Host))
		},
		title: func(f *facts) string {
			return fmt.Sprintf("The account is probably at %s: the certificate is for that, not for %s.",
				domainAbove(f.reading.Host), f.reading.Host)
		},
		explain: func(f *facts) string {
			return fmt.Sprintf("The certificate names %s. The host in the URL is the account's domain, what stands after the "+
				"@ of its address; the server's own name, %s, belongs in xmpp=.",
				f.presented(), f.reading.TCPHost)
		},
		fix:   func(f *facts) *Fix { return f.logInAt(domainAbove(f.reading.Host)) },
		admin: "Or get a certificate that names the server's host too.",
	},
	{
		code:   "certificate-for-server-name",
		remedy: remedy{edit: "verify=no", cost: withoutCheck},
		causes: otherName,
		help:   "The certificate is for the host we connect to, but it must be for the account's domain.",
		text: "The account's domain is what stands after the @ of its address (RFC 6120 section 13.7.2.1). " +
			"Apprise checks the same name, so only the server's operator can mend this.",
		when: func(f *facts) bool {
			return !strings.EqualFold(f.reading.TCPHost, f.reading.StreamTo) && f.presents(f.reading.TCPHost)
		},
		title: func(f *facts) string {
			return fmt.Sprintf("The certificate is for %s, but must name the account's domain %s.",
				f.reading.TCPHost, f.reading.StreamTo)
		},
		fix:   (*facts).verifyOff,
		admin: certificateAdmin,
	},
	{
		code:   "certificate-common-name",
		remedy: remedy{edit: "verify=no", cost: withoutCheck},
		causes: otherName,
		help:   "The certificate names the domain only as its common name, which no longer counts.",
		text: "Names must be in the subject alternative names (RFC 9525), and Go and browsers look nowhere else. " +
			"Python still takes the common name where there is no DNS name beside it: Apprise connects with the URL as it is.",
		when: func(f *facts) bool { return f.TLS != nil && inspect.CommonNameOnly(f.TLS) },
		title: func(f *facts) string {
			return fmt.Sprintf("The certificate names %s only in a way that no longer counts.", f.reading.StreamTo)
		},
		fix:   (*facts).verifyOff,
		admin: "Issue it anew with the domain as a subject alternative name (openssl: -addext subjectAltName=DNS:DOMAIN).",
	},
	{
		code:   "certificate-name",
		remedy: remedy{edit: "verify=no", cost: withoutCheck},
		causes: otherName,
		help:   "The certificate is not valid for the account's domain.",
		text: "Either this is the wrong server, or it shows the certificate of another of its domains, or its " +
			"certificate lacks the name.",
		title: func(f *facts) string { return fmt.Sprintf("The certificate does not name %s.", f.reading.StreamTo) },
		explain: func(f *facts) string {
			return fmt.Sprintf("It names %s, and the account's domain is %s. Either this is the wrong server, or it shows the "+
				"certificate of another of its domains, or its certificate lacks the name.",
				f.presented(), f.reading.StreamTo) + f.unverified()
		},
		fix:   (*facts).verifyOff,
		admin: certificateAdmin,
	},
	{
		code:   "certificate-self-signed",
		remedy: remedy{edit: "verify=no", cost: withoutCheck},
		causes: unknownAuthority,
		help:   "The server signed its certificate itself, so nothing proves whose it is.",
		text: "Compare its SHA-256 fingerprint on the server. To trust it here, point SSL_CERT_FILE to it; " +
			"Apprise knows only its own list of authorities (certifi).",
		when:  func(f *facts) bool { return inspect.SelfSigned(f.TLS) },
		title: func(f *facts) string { return "The server's certificate is signed by itself." },
		explain: func(f *facts) string {
			return "Nothing proves whose it is. Its SHA-256 fingerprint is " + f.TLS.SHA256 +
				": compare it on the server. To trust it here, point SSL_CERT_FILE to it. " +
				"Apprise knows only its own list of authorities (certifi), whatever this machine trusts." + f.unverified()
		},
		fix:   (*facts).verifyOff,
		admin: "Use a certificate from a public authority, such as Let's Encrypt.",
	},
	{
		code:   "certificate-wrong-intermediate",
		remedy: remedy{edit: "verify=no", cost: withoutCheck},
		causes: unknownAuthority,
		help:   "The server sent certificates of other authorities than the one that signed its own.",
		text: "The certificate that links its own to a trusted authority is missing, and what was sent in its place " +
			"does not.",
		when: func(f *facts) bool { return f.failure.Certificate != "" },
		title: func(f *facts) string {
			return fmt.Sprintf("The server sent the wrong certificates behind its own: that of its issuer, %s, is missing.",
				f.failure.Certificate)
		},
		fix:   (*facts).verifyOff,
		admin: "Install the chain that came with the certificate (certbot: fullchain.pem).",
	},
	{
		code:   "certificate-private-root",
		remedy: remedy{edit: "verify=no", cost: withoutCheck},
		causes: unknownAuthority,
		help:   "The chain is whole, and ends at an authority of its own that this machine does not trust.",
		text: "To trust it here, point SSL_CERT_FILE to its certificate. Apprise trusts only its own list (certifi), " +
			"whatever this machine trusts.",
		when: func(f *facts) bool { return inspect.PrivateRoot(f.TLS) != "" },
		title: func(f *facts) string {
			return fmt.Sprintf("The chain ends at an authority that is not trusted here: %s.", inspect.PrivateRoot(f.TLS))
		},
		fix:   (*facts).verifyOff,
		admin: "Use a certificate from a public authority.",
	},
	{
		code:   "certificate-chain-incomplete",
		remedy: remedy{edit: "verify=no", cost: withoutCheck},
		causes: unknownAuthority,
		help:   "The server left out the certificate that links its own to a trusted authority.",
		text: "It sent its own certificate only, and that one is not signed by an authority directly. " +
			"Programs that fetched the missing one elsewhere do not notice.",
		when: func(f *facts) bool { return inspect.LacksIntermediate(f.TLS) },
		title: func(f *facts) string {
			return fmt.Sprintf("The server did not send the certificate of its issuer, %s.", f.TLS.Issuer)
		},
		fix:   (*facts).verifyOff,
		admin: "Install the full chain (certbot: fullchain.pem instead of cert.pem).",
	},
	{
		code:   "certificate-unknown-authority",
		remedy: remedy{edit: "verify=no", cost: withoutCheck},
		causes: unknownAuthority,
		help:   "The certificate comes from an authority that this machine does not know.",
		text: "To trust a private authority here, point SSL_CERT_FILE to its certificate. " +
			"Apprise trusts only its own list (certifi), whatever this machine trusts.",
		title: func(f *facts) string {
			if f.TLS != nil && f.TLS.Issuer != "" {
				return fmt.Sprintf("The certificate's issuer is not trusted here: %s.", f.TLS.Issuer)
			}
			return "The certificate's issuer is not trusted here."
		},
		explain: func(f *facts) string {
			s := "This machine does not know the authority. "
			if f.TLS != nil && len(f.TLS.Chain) > 0 {
				s += fmt.Sprintf("The server sent %s, and who signed the last one, %q, is missing. ",
					event.Count(len(f.TLS.Chain), "certificate"), f.TLS.Chain[len(f.TLS.Chain)-1].Issuer)
			}
			return s + "To trust a private authority here, point SSL_CERT_FILE to its certificate. " +
				"Apprise trusts only its own list (certifi), whatever this machine trusts." + f.unverified()
		},
		fix:   (*facts).verifyOff,
		admin: "Use a certificate from a public authority, and install the full chain.",
	},
	{
		code:   "certificate-issuer-expired",
		remedy: remedy{edit: "verify=no", cost: withoutCheck},
		help:   "The certificate of an authority on the way to the trusted one has expired; the server's own has not.",
		text:   "The server sends an old chain. Renewing its own certificate does not help while the chain stays.",
		causes: []event.Cause{event.CauseCertExpired},
		when:   func(f *facts) bool { return f.failure.Certificate != "" },
		title: func(f *facts) string {
			return fmt.Sprintf("The certificate of the issuer %s expired%s.", f.failure.Certificate,
				f.issuerDate(" on ", func(c event.Certificate) string { return c.NotAfter }))
		},
		fix:   (*facts).verifyOff,
		admin: "Install the chain that the authority gives out today, and reload the server.",
	},
	{
		code:   "certificate-issuer-not-yet-valid",
		remedy: remedy{edit: "verify=no", cost: withoutCheck},
		help: "The time of the certificate of an authority on the way to the trusted one has not begun, or this machine's " +
			"clock is wrong.",
		text:   "The server's own certificate is within its dates.",
		causes: []event.Cause{event.CauseCertNotYetValid},
		when:   func(f *facts) bool { return f.failure.Certificate != "" },
		title: func(f *facts) string {
			return fmt.Sprintf("The certificate of the issuer %s is not valid yet%s.", f.failure.Certificate,
				f.issuerDate(", but only from ", func(c event.Certificate) string { return c.NotBefore }))
		},
		fix:   (*facts).verifyOff,
		admin: "Install the chain that the authority gives out today, and look at the clocks.",
	},
	{
		code:   "certificate-expired",
		remedy: remedy{edit: "verify=no", cost: withoutCheck},
		help:   "The certificate's time is over, or this machine's clock is wrong.",
		text:   "Compare the date with this machine's.",
		causes: []event.Cause{event.CauseCertExpired},
		title: func(f *facts) string {
			if f.TLS != nil && f.TLS.NotAfter != "" {
				return "The certificate expired on " + date(f.TLS.NotAfter) + "."
			}
			return "The certificate expired."
		},
		fix: (*facts).verifyOff,
		admin: "Renew the certificate and reload the server (Prosody: prosodyctl reload; " +
			"ejabberd: ejabberdctl reload_config).",
	},
	{
		code:   "certificate-not-yet-valid",
		remedy: remedy{edit: "verify=no", cost: withoutCheck},
		help:   "The certificate's time has not begun, or this machine's clock is wrong.",
		text:   "Compare the date with this machine's.",
		causes: []event.Cause{event.CauseCertNotYetValid},
		title: func(f *facts) string {
			if f.TLS != nil && f.TLS.NotBefore != "" {
				return "The certificate is valid only from " + date(f.TLS.NotBefore) + " on."
			}
			return "The certificate is not valid yet."
		},
		fix:   (*facts).verifyOff,
		admin: "Set the server's clock, or get a certificate that is valid already.",
	},
	{
		code:   "certificate-invalid",
		remedy: remedy{edit: "verify=no", cost: withoutCheck},
		help:   "The certificate breaks another rule.",
		text:   "The title says which.",
		causes: []event.Cause{event.CauseCertOther},
		title: func(f *facts) string {
			return "The certificate is not acceptable: " + strings.TrimRight(f.failure.Detail, ".") + "."
		},
		fix:   (*facts).verifyOff,
		admin: "Issue a new certificate.",
	},
}

// issuerDate is a date of the certificate at fault, behind a few words; empty when it
// is not known.
func (f *facts) issuerDate(words string, of func(event.Certificate) string) string {
	if f.TLS == nil {
		return ""
	}
	for _, c := range f.TLS.Chain {
		if c.Subject == f.failure.Certificate {
			return words + date(of(c))
		}
	}
	return ""
}

// presents reports whether the certificate names a host.
func (f *facts) presents(host string) bool {
	return f.TLS != nil && inspect.NameMatches(f.TLS.Names, host)
}

// presented lists the certificate's names.
func (f *facts) presented() string {
	if f.TLS == nil || len(f.TLS.Names) == 0 {
		return "no host"
	}
	const few = 8
	if n := len(f.TLS.Names); n > few {
		return strings.Join(f.TLS.Names[:few], ", ") + fmt.Sprintf(" and %d more", n-few)
	}
	return strings.Join(f.TLS.Names, ", ")
}

// unverified tells whose session checks nothing by accident.
func (f *facts) unverified() string {
	if !f.reading.VerifyUnrecognised {
		return ""
	}
	return " Apprise would not even look, since it does not recognise the value of verify=."
}

// date is the day of an RFC 3339 time.
func date(rfc3339 string) string {
	day, _, _ := strings.Cut(rfc3339, "T")
	return day
}
