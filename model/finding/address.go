package finding

import (
	"strconv"
	"strings"

	"mellium.im/xmpp/jid"
)

// legalJID reports whether an address keeps to RFC 7622. Apprise does not ask.
func legalJID(address string) bool {
	_, err := jid.Parse(address)
	return err == nil
}

// canonicalBare is an address without its resource, as servers write it (RFC 7622).
func canonicalBare(address string) string {
	if j, err := jid.Parse(address); err == nil {
		return j.Bare().String()
	}
	return bareJID(address)
}

// splitHostPort takes "host", "host:port", "[v6]" or "[v6]:port" apart. The
// port is 0 when there is none. An IPv6 address keeps its brackets.
func splitHostPort(s string) (host string, port int) {
	at := strings.LastIndexByte(s, ':')
	if at < 0 || strings.HasSuffix(s, "]") {
		return s, 0
	}
	n, err := strconv.Atoi(s[at+1:])
	if err != nil || n < 1 || n > 65535 {
		return "", 0
	}
	return s[:at], n
}
