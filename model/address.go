package model

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

// joinHostPort keeps the host as Apprise has it: brackets of an IPv6 address
// are already part of it.
func joinHostPort(host string, port int) string {
	return host + ":" + strconv.Itoa(port)
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

func domainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	domain, _, _ = strings.Cut(domain, "/")
	return domain
}
