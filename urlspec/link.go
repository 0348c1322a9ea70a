package urlspec

import "strings"

// convertXMPPURI turns an XMPP link (RFC 5122, as xmpp:user@host/resource?join)
// into an Apprise URL. A link names an address, not a login: the address is
// taken for the login, except for a room, which becomes the target of a login
// that is left to be filled in. ok says whether text is such a link at all;
// the fix may be nil even so.
func convertXMPPURI(text string) (fix *Fix, ok bool) {
	start := leadingSpace(text)
	end := start + len(stripRight(text[start:]))
	body := text[start:end]
	scheme := len("xmpp:")
	if len(body) < scheme || !strings.EqualFold(body[:scheme], "xmpp:") || strings.HasPrefix(body[scheme:], "/") {
		return nil, false
	}
	address, query, _ := strings.Cut(body[scheme:], "?")
	address, _, _ = strings.Cut(address, "#")
	local, domain, found := strings.Cut(address, "@")
	if !found {
		return nil, isHost(address)
	}
	domain, _, _ = strings.Cut(domain, "/")
	if strings.Contains(local, ":") || local == "" || !isHost(domain) {
		return nil, true
	}
	action, _, _ := strings.Cut(query, ";")
	if strings.EqualFold(action, "join") {
		host := domain
		if _, parent, ok := strings.Cut(domain, "."); ok && strings.Contains(parent, ".") {
			host = parent
		}
		return replace("log in as yourself and write to the room", start, end,
			"xmpps://user@"+host+"/%23"+quoteTarget(unquote(local), false)+"@"+domain), true
	}
	return replace("log in with this address", start, end, "xmpps://"+quote(unquote(local))+"@"+domain), true
}
