package certificate

import (
	"net/netip"
	"strings"

	"golang.org/x/net/idna"

	"xmppscope/urlspec"
)

// Reference spells a JID domain or a host as a certificate does: A-labels, or
// an IP address without brackets. A name that IDNA
// refuses stays as it is, and matches nothing.
func Reference(domain string) string {
	domain = urlspec.Unbracket(domain)
	if _, err := netip.ParseAddr(domain); err == nil {
		return domain
	}
	domain = strings.TrimSuffix(domain, ".")
	if ascii, err := idna.Lookup.ToASCII(domain); err == nil {
		return ascii
	}
	return strings.ToLower(domain)
}
