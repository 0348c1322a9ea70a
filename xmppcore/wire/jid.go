package wire

// MaxJID is how long a JID may be, in bytes: 1023 for each of its three parts
// (RFC 7622 3.1).
const MaxJID = 3*1023 + len("@/")

// address is a JID as sent. One that is longer than any can be is cut, which
// leaves nobody's address.
func address(jid string) string {
	if len(jid) > MaxJID {
		return jid[:MaxJID] + "…"
	}
	return jid
}
