package xmppcore

// Temporary reports whether the same thing, tried again a little later, may
// succeed. Only then is it tried again: another wrong password brings a lock
// nearer, and a message that the server has refused for good would be refused
// again.
//
//	what failed                                  tried again
//	name look-up, connecting, proxy              yes
//	nothing came in time, connection closed      yes
//	TLS handshake, without a reason              yes
//	TLS version, certificate                     no
//	STARTTLS missing or refused, wrong port,
//	  another protocol, XML that is not allowed  no
//	login: temporary-auth-failure                yes
//	login: any other refusal, no mechanism, a
//	  server without proof, no password          no
//	stream error of a server in trouble          yes
//	stream error about us: conflict,
//	  policy-violation, host-unknown …           no
//	resource, room, bounce: type wait            yes
//	resource, room, bounce: any other type       no
//	thrown out as the room service stops         yes
//	kicked, banned, no member                    no
//	illegal or too big                           no
//	cancelled                                    no
//
// The types are those of RFC 6120 8.3.2, where wait means "retry after
// waiting" and cancel "do not retry".
func (f *Failure) Temporary() bool {
	switch f.Cause {
	case CauseAuth:
		return f.Condition == "temporary-auth-failure"
	case CauseStreamError:
		return temporaryStreamErrors[f.Condition]
	case CauseBind, CauseRoom, CauseBounced:
		return f.Type == "wait" || f.passing
	}
	return temporaryCauses[f.Cause]
}

// temporaryCauses are the causes that need no closer look. A name without an
// address is among them because a machine without a network says the same.
var temporaryCauses = map[Cause]bool{
	CauseNoSuchHost:  true,
	CauseDNS:         true,
	CauseRefused:     true,
	CauseUnreachable: true,
	CauseProxy:       true,
	CauseTimeout:     true,
	CauseClosed:      true,
	CauseTLS:         true,
}

// temporaryStreamErrors are the conditions of RFC 6120 4.9.3 that say something
// of the server and not of us.
var temporaryStreamErrors = map[string]bool{
	"connection-timeout":       true,
	"internal-server-error":    true,
	"remote-connection-failed": true,
	"reset":                    true,
	"resource-constraint":      true,
	"system-shutdown":          true,
	"undefined-condition":      true,
}
