package loopback

import (
	"fmt"

	rfc7622 "mellium.im/xmpp/jid"
)

// jid is a JID (RFC 7622), normalised and comparable.
type jid struct{ local, domain, resource string }

func parseJID(s string) (jid, error) {
	j, err := rfc7622.Parse(s)
	if err != nil {
		return jid{}, fmt.Errorf("JID %q: %w", s, err)
	}
	return jid{j.Localpart(), j.Domainpart(), j.Resourcepart()}, nil
}

// bare is the JID without its resource.
func (j jid) bare() jid { return jid{local: j.local, domain: j.domain} }

// with is the bare JID with this resource.
func (j jid) with(resource string) jid { return jid{j.local, j.domain, resource} }

func (j jid) String() string {
	s := j.domain
	if j.local != "" {
		s = j.local + "@" + s
	}
	if j.resource != "" {
		s += "/" + j.resource
	}
	return s
}
