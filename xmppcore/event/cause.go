package event

// Cause names why something failed, in one word that findings are keyed by.
type Cause string

// The causes.
const (
	CauseCancelled         Cause = "cancelled"            // the caller's context ended
	CauseTimeout           Cause = "timeout"              // nothing came in time; Failure.Waiting says what was waited for
	CauseNoSuchHost        Cause = "no-such-host"         // DNS: NXDOMAIN or no address
	CauseDNS               Cause = "dns-failure"          // DNS: any other error
	CauseRefused           Cause = "connection-refused"   // TCP
	CauseUnreachable       Cause = "unreachable"          // TCP: no route
	CauseProxy             Cause = "proxy-failure"        // the SOCKS proxy refused
	CauseClosed            Cause = "closed-by-server"     // EOF or reset
	CauseNotXMPP           Cause = "not-xmpp"             // another protocol answered; Failure.Protocol names it
	CauseProxyHeader       Cause = "proxy-header"         // the port wants a proxy's header first
	CauseServerPort        Cause = "server-to-server"     // jabber:server
	CauseBadXML            Cause = "bad-xml"              // not well-formed, or forbidden XML
	CauseTooBig            Cause = "too-big"              // a limit of ours was passed
	CauseStreamError       Cause = "stream-error"         // Condition and Text hold it
	CauseNoSTARTTLS        Cause = "starttls-not-offered" // mode=starttls
	CauseSTARTTLSRefused   Cause = "starttls-refused"
	CauseNotTLS            Cause = "not-tls"               // direct TLS on a port that speaks XML first
	CauseTLS               Cause = "tls-failure"           // any other handshake error
	CauseTLSVersion        Cause = "tls-version"           // no version in common
	CauseClientCertificate Cause = "client-certificate"    // the server wants one of us
	CauseCertName          Cause = "certificate-name"      // valid for other names
	CauseCertAuthority     Cause = "certificate-authority" // unknown issuer
	CauseCertExpired       Cause = "certificate-expired"
	CauseCertNotYetValid   Cause = "certificate-not-yet-valid"
	CauseCertOther         Cause = "certificate-invalid"
	CauseNoMechanisms      Cause = "no-mechanisms"       // none offered
	CauseNoCommonMechanism Cause = "no-common-mechanism" // none that we know or may use
	CauseTLSRequired       Cause = "tls-required"        // mode=none where the server wants TLS
	CauseCleartextPassword Cause = "cleartext-password"  // only PLAIN in clear was left, not allowed
	CauseChannelBinding    Cause = "channel-binding"     // PLUS refused
	CauseAuth              Cause = "not-authorized"      // Condition and Text hold the SASL failure
	CauseServerProof       Cause = "server-proof"        // the server did not prove that it knows the password
	CauseIterations        Cause = "iterations"          // SCRAM iteration count out of bounds
	CauseMechanismList     Cause = "mechanisms-altered"  // the server signed another list of mechanisms (XEP-0474)
	CauseBind              Cause = "bind-failure"
	CauseRoom              Cause = "room"       // a join failed; Condition holds the stanza error
	CauseCaptcha           Cause = "captcha"    // the room wants a task done that only a person can do
	CauseOddAnswer         Cause = "odd-answer" // the room's answer does not say that it is about us
	CauseBounced           Cause = "bounced"    // a message came back; Condition holds the stanza error
	CauseNoPassword        Cause = "password-missing"
	CauseIllegalStanza     Cause = "illegal-stanza" // we refused to send: illegal JID or XML character
	CauseLeftOut           Cause = "left-out"       // not looked at, since there are too many
	CauseOwnLimit          Cause = "own-limit"      // this machine lets us open nothing more
	CauseOwnSlow           Cause = "own-slow"       // this machine was too slow for the server's patience
	CauseInternal          Cause = "internal"       // a bug, ours or the library's
)

// again says whether the same thing may succeed a little later.
type again uint8

const (
	never again = iota
	later
	// byType: when the type of the stanza error is wait (RFC 6120 8.3.2: "retry
	// after waiting"), or the failure is Passing.
	byType
	// byCondition: when the condition says something of the server and not of
	// us; see passingConditions.
	byCondition
)

// causes is the one table of causes: what each says in a few words, where the
// words need no facts (see headline for the others), and whether the same thing
// may succeed when tried again. A name without an address may, because a
// machine without a network says the same.
var causes = map[Cause]struct {
	text  string
	again again
}{
	CauseCancelled:         {"cancelled", never},
	CauseTimeout:           {"", later},
	CauseNoSuchHost:        {"the name has no address", later},
	CauseDNS:               {"the name look-up failed", later},
	CauseRefused:           {"nothing listens on that port", later},
	CauseUnreachable:       {"no route to that address", later},
	CauseProxy:             {"the SOCKS proxy did not connect us", later},
	CauseClosed:            {"the server closed the connection", later},
	CauseNotXMPP:           {"this is not an XMPP server", never},
	CauseProxyHeader:       {"this port answers only to a proxy that says first whom it stands for", never},
	CauseServerPort:        {"this port is for other servers or for components, not for clients", never},
	CauseBadXML:            {"the server sent XML that is not well-formed or not allowed", never},
	CauseTooBig:            {"a size limit was passed", never},
	CauseStreamError:       {"", byCondition},
	CauseNoSTARTTLS:        {"the server does not offer STARTTLS", never},
	CauseSTARTTLSRefused:   {"the server refused STARTTLS", never},
	CauseNotTLS:            {"this port does not speak TLS at once; it is a STARTTLS or plain port", never},
	CauseTLS:               {"the TLS handshake failed", later},
	CauseTLSVersion:        {"no TLS version in common", never},
	CauseClientCertificate: {"the server demands a certificate of the client", never},
	CauseCertName:          {"the certificate is for another name", never},
	CauseCertAuthority:     {"the certificate comes from an authority that is not trusted here", never},
	CauseCertExpired:       {"the certificate has expired", never},
	CauseCertNotYetValid:   {"the certificate is not valid yet", never},
	CauseCertOther:         {"the certificate is not valid", never},
	CauseNoMechanisms:      {"the server offers no way to log in", never},
	CauseNoCommonMechanism: {"the server offers no login mechanism that we may use", never},
	CauseTLSRequired:       {"the server wants TLS before the login, and mode=none does without", never},
	CauseCleartextPassword: {"only PLAIN is left, which would send the password in clear", never},
	CauseChannelBinding:    {"the server refused the channel binding", never},
	CauseAuth:              {"", byCondition},
	CauseServerProof:       {"the server did not prove that it knows the password", never},
	CauseIterations:        {"the server asked for an unreasonable SCRAM iteration count", never},
	CauseMechanismList:     {"the list of login mechanisms was altered", never},
	CauseBind:              {"the server did not give us a resource", byType},
	CauseRoom:              {"could not join the room", byType},
	CauseCaptcha:           {"the room asks for a task that only a person can do", never},
	CauseOddAnswer:         {"the room answered, and did not say that the answer is about us", never},
	CauseBounced:           {"the message came back", byType},
	CauseNoPassword:        {"there is no password to log in with", never},
	CauseIllegalStanza:     {"not sent, because XMPP does not allow it", never},
	CauseLeftOut:           {"left out", never},
	CauseOwnLimit:          {"this machine lets us open nothing more", later},
	CauseOwnSlow:           {"this machine is too slow for the server's patience", later},
	CauseInternal:          {"internal error", never},
}

// passingConditions are the conditions that speak of a server in trouble and
// not of us: those of stream errors (RFC 6120 4.9.3) and of the login (6.5).
var passingConditions = map[Cause]map[string]bool{
	CauseStreamError: {
		"connection-timeout":       true,
		"internal-server-error":    true,
		"remote-connection-failed": true,
		"reset":                    true,
		"resource-constraint":      true,
		"system-shutdown":          true,
		"undefined-condition":      true,
	},
	CauseAuth: {"temporary-auth-failure": true},
}
