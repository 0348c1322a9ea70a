package urlspec

// canonical is what Apprise's own url(privacy=True) prints for a reading.
func (r *resolved) canonical() string {
	out := &r.values
	b := make([]byte, 0, 256)
	b = append(b, "xmpp"...)
	if out.Secure {
		b = append(b, 's')
	}
	b = append(b, "://"...)
	b = appendQuoted(b, out.LoginJID)
	b = append(b, ":"+apprisesMask+"@"...)
	b = append(b, out.Host...)
	if r.portSet && r.port.value != out.Mode.defaultPort() {
		b = append(b, ':')
		b = append(b, r.port.String()...)
	}
	b = append(b, '/')
	if !out.SelfTarget {
		for i, t := range out.Targets {
			if i > 0 {
				b = append(b, '/')
			}
			if t.Kind == Groupchat {
				b = append(b, "%23"...)
			}
			b = appendQuoted(b, t.JID)
		}
	}
	b = append(b, '?')
	for i := range parameters {
		row := &parameters[i]
		b = row.append(b, r, r.of(row))
	}
	return string(b[:len(b)-1]) // some are always there, each with its "&"
}
