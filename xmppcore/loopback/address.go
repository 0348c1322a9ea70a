package loopback

import (
	"fmt"

	"mellium.im/xmpp/jid"
)

// address is a JID (RFC 7622), normalised and comparable.
type address struct{ local, domain, resource string }

func parseAddress(s string) (address, error) {
	j, err := jid.Parse(s)
	if err != nil {
		return address{}, fmt.Errorf("address %q: %w", s, err)
	}
	return address{j.Localpart(), j.Domainpart(), j.Resourcepart()}, nil
}

// bare is the address without its resource.
func (a address) bare() address { return address{local: a.local, domain: a.domain} }

// with is the bare address with this resource.
func (a address) with(resource string) address { return address{a.local, a.domain, resource} }

func (a address) String() string {
	s := a.domain
	if a.local != "" {
		s = a.local + "@" + s
	}
	if a.resource != "" {
		s += "/" + a.resource
	}
	return s
}
