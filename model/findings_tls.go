package model

import (
	"fmt"
	"slices"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
)

// verifyOffWarning is part of the label of every fix that turns checks off.
const verifyOffWarning = "last resort, unsafe: verify=no (anybody in between can read the password)"

// tlsRules are the failures of starttls and tls.
func tlsRules() []rule {
	return []rule{
		{
			code:   "starttls-not-offered",
			help:   "The server does not offer STARTTLS. Either TLS is off there, or somebody on the way removed the offer; sending on in clear would be the wrong answer to both.",
			causes: []xmppcore.Cause{xmppcore.CauseNoSTARTTLS},
			title:  func(f *facts) string { return fmt.Sprintf("%s offers no STARTTLS.", f.endpoint()) },
			explain: func(f *facts) string {
				return "The stream features hold no starttls. Either TLS is off on this port, or somebody on the way removed the offer. Direct TLS (mode=tls, usually port 5223) cannot be stripped like that; mode=none would send everything in clear."
			},
			fix:   directTLSFix,
			admin: "Prosody: a certificate for the VirtualHost and mod_tls; ejabberd: starttls: true on the listener.",
		},
		{
			code:   "starttls-refused",
			help:   "The server offers STARTTLS but refuses to start it, usually because it has no usable certificate.",
			causes: []xmppcore.Cause{xmppcore.CauseSTARTTLSRefused},
			title:  func(f *facts) string { return "The server offered STARTTLS and then refused it." },
			fix:    directTLSFix,
			admin:  "Look for certificate errors in the server's log.",
		},
		{
			code:   "starttls-port",
			help:   "The port speaks XMPP in clear first and upgrades with STARTTLS; mode=tls starts with TLS at once.",
			causes: []xmppcore.Cause{xmppcore.CauseNotTLS},
			title: func(f *facts) string {
				return fmt.Sprintf("Port %d does not start with TLS.", f.reading.Port)
			},
			explain: func(f *facts) string {
				return fmt.Sprintf("%s answered the TLS handshake with something else. Ports that upgrade with STARTTLS (usually 5222) do that: mode=starttls keeps the same encryption.", f.endpoint())
			},
			fix: func(f *facts) *FindingFix {
				return f.edit("use mode=starttls", setParam("mode", "starttls"), setPort(f.reading.Port))
			},
		},
		{
			code:   "certificate-for-server-name",
			help:   "The certificate is valid for the host we connect to, but it has to be valid for the JID domain, the part after the @ of the account (RFC 6120 section 13.7.2.1). Apprise checks the same name.",
			causes: []xmppcore.Cause{xmppcore.CauseCertName},
			when: func(f *facts) bool {
				return !strings.EqualFold(f.reading.TCPHost, f.reading.StreamTo) && f.certificateNames(f.reading.TCPHost)
			},
			title: func(f *facts) string {
				return fmt.Sprintf("The certificate is for %s, but must name the JID domain %s.", f.reading.TCPHost, f.reading.StreamTo)
			},
			fix:   verifyOffFix,
			admin: "Get a certificate that also names the JID domain, for example with certbot -d for both names.",
		},
		{
			code:   "certificate-name",
			help:   "The certificate is not valid for the JID domain, the part after the @ of the account. Either this is the wrong server, or its certificate lacks the name.",
			causes: []xmppcore.Cause{xmppcore.CauseCertName},
			title: func(f *facts) string {
				return fmt.Sprintf("The certificate does not name %s.", f.reading.StreamTo)
			},
			explain: func(f *facts) string {
				names := "no name at all"
				if f.TLS != nil && len(f.TLS.Names) > 0 {
					names = strings.Join(f.TLS.Names, ", ")
				}
				return fmt.Sprintf("It names %s, and the account's domain is %s. Either this is the wrong server, or its certificate lacks the name. Apprise refuses it too, and still reports success.", names, f.reading.StreamTo)
			},
			fix: func(f *facts) *FindingFix {
				if parent := parentDomainFix(f); parent != nil && f.certificateNames(parentDomain(f.reading.Host)) {
					return parent
				}
				return verifyOffFix(f)
			},
			admin: "Get a certificate that names the JID domain; Prosody: prosodyctl cert; ejabberd: certfiles or acme.",
		},
		{
			code:   "certificate-self-signed",
			help:   "The server signed its certificate itself, so nothing proves whose it is.",
			causes: []xmppcore.Cause{xmppcore.CauseCertAuthority},
			when: func(f *facts) bool {
				return f.TLS != nil && len(f.TLS.Chain) == 1 && f.TLS.Chain[0].Subject == f.TLS.Chain[0].Issuer
			},
			title: func(f *facts) string { return "The server's certificate is signed by itself." },
			explain: func(f *facts) string {
				return "Nothing proves whose it is. Its SHA-256 fingerprint is " + f.TLS.SHA256 + ": compare it on the server. To trust it here, point SSL_CERT_FILE to it. Apprise knows only its own list of authorities, whatever this machine trusts."
			},
			fix:   verifyOffFix,
			admin: "Use a certificate from a public authority (Let's Encrypt).",
		},
		{
			code:   "certificate-unknown-authority",
			help:   "The certificate is signed by an authority that this machine does not know. Apprise trusts only its own list (certifi), whatever this machine trusts.",
			causes: []xmppcore.Cause{xmppcore.CauseCertAuthority},
			title: func(f *facts) string {
				if f.TLS != nil && f.TLS.Issuer != "" {
					return fmt.Sprintf("The certificate's issuer is not trusted here: %s.", f.TLS.Issuer)
				}
				return "The certificate's issuer is not trusted here."
			},
			explain: func(f *facts) string {
				s := "This machine does not know the authority, or the server left an intermediate certificate out. "
				if f.TLS != nil && len(f.TLS.Chain) > 0 {
					s += fmt.Sprintf("It sent %d certificate(s); the issuer %q is missing. ", len(f.TLS.Chain), f.TLS.Chain[len(f.TLS.Chain)-1].Issuer)
				}
				return s + "To trust a private authority here, point SSL_CERT_FILE to its certificate. Apprise trusts only its own list, whatever this machine trusts."
			},
			fix:   verifyOffFix,
			admin: "Install the full chain, intermediates included.",
		},
		{
			code:   "certificate-expired",
			help:   "The certificate's time is over (or this machine's clock is wrong).",
			causes: []xmppcore.Cause{xmppcore.CauseCertExpired},
			title: func(f *facts) string {
				if f.TLS != nil && f.TLS.NotAfter != "" {
					return "The certificate expired on " + date(f.TLS.NotAfter) + "."
				}
				return "The certificate expired."
			},
			fix:   verifyOffFix,
			admin: "Renew the certificate and reload the server.",
		},
		{
			code:   "certificate-not-yet-valid",
			help:   "The certificate's time has not begun (or this machine's clock is wrong).",
			causes: []xmppcore.Cause{xmppcore.CauseCertNotYetValid},
			title: func(f *facts) string {
				if f.TLS != nil && f.TLS.NotBefore != "" {
					return "The certificate is only valid from " + date(f.TLS.NotBefore) + "."
				}
				return "The certificate is not valid yet."
			},
			fix: verifyOffFix,
		},
		{
			code:   "certificate-invalid",
			help:   "The certificate breaks another rule.",
			causes: []xmppcore.Cause{xmppcore.CauseCertOther},
			title:  func(f *facts) string { return "The certificate is not acceptable: " + f.failure.Detail },
			fix:    verifyOffFix,
		},
		{
			code:   "tls-version",
			help:   "The server knows only TLS versions that are no longer safe (RFC 9325 forbids 1.0 and 1.1).",
			causes: []xmppcore.Cause{xmppcore.CauseTLSVersion},
			title:  func(f *facts) string { return "The server and we have no TLS version in common: we know 1.2 and 1.3." },
			admin:  "Enable TLS 1.2 or 1.3.",
		},
		{
			code:   "tls-failed",
			help:   "The TLS handshake failed.",
			causes: []xmppcore.Cause{xmppcore.CauseTLS},
			title:  func(f *facts) string { return "The TLS handshake failed: " + f.failure.Detail },
		},
		{
			code:   "tls-closed",
			help:   "The server closed the connection during the TLS handshake; often it has no certificate for the JID domain.",
			causes: []xmppcore.Cause{xmppcore.CauseClosed},
			when:   func(f *facts) bool { return f.at(xmppcore.StageTLS) },
			title:  func(f *facts) string { return "The server closed the connection during the TLS handshake." },
			admin:  "Check that a certificate for the JID domain is configured.",
		},
	}
}

func directTLSFix(f *facts) *FindingFix {
	steps := []func(urlspec.Spec) urlspec.Fix{setParam("mode", "tls")}
	if f.Spec.Origins.Port.Source == urlspec.FromPart || f.Spec.Origins.Port.Source == urlspec.FromParam {
		steps = append(steps, setPort(standardPort(urlspec.ModeTLS)))
	}
	return f.edit("use direct TLS: mode=tls", steps...)
}

func verifyOffFix(f *facts) *FindingFix {
	return f.edit(verifyOffWarning, setParam("verify", "no"))
}

// certificateNames reports whether the leaf certificate names a host.
func (f *facts) certificateNames(host string) bool {
	return f.TLS != nil && host != "" && slices.ContainsFunc(f.TLS.Names, func(name string) bool {
		if wild, ok := strings.CutPrefix(name, "*."); ok {
			_, rest, _ := strings.Cut(host, ".")
			return strings.EqualFold(wild, rest)
		}
		return strings.EqualFold(name, host)
	})
}

func parentDomain(host string) string {
	_, parent, _ := strings.Cut(host, ".")
	return parent
}

// date is the day of an RFC 3339 time.
func date(rfc3339 string) string {
	day, _, _ := strings.Cut(rfc3339, "T")
	return day
}
