package urlspec

import "strconv"

// canonical is what Apprise's own url(privacy=True) prints for a reading.
func (r *resolved) canonical(out *Reading) string {
	b := make([]byte, 0, 256)
	b = append(b, "xmpp"...)
	if out.Secure {
		b = append(b, 's')
	}
	b = append(b, "://"...)
	b = appendQuoted(b, out.LoginJID)
	b = append(b, ":****@"...)
	b = append(b, out.Host...)
	if r.portSet && r.port.value != out.Mode.defaultPort() {
		b = append(b, ':')
		if r.port.big != "" {
			b = append(b, r.port.big...)
		} else {
			b = strconv.AppendInt(b, int64(r.port.value), 10)
		}
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
	b = append(b, "?mode="...)
	b = append(b, out.Mode...)
	b = appendFlag(b, "roster", out.Roster)
	b = appendFlag(b, "subject", out.Subject)
	b = appendFlag(b, "keepalive", out.Keepalive)
	b = appendFlag(b, "scramplus", out.ScramPlus)
	if nick, ok := r.nick(); ok {
		b = appendParam(b, "name", nick)
	}
	if out.TCPHost != out.Host {
		b = appendParam(b, "xmpp", out.TCPHost)
	}
	b = appendParam(b, "overflow", out.Overflow)
	b = appendParam(b, "format", out.Format)
	if v, _ := r.param("tz"); zoneInURL(v) {
		b = appendParam(b, "tz", *out.TZ)
	}
	if !r.flag("store", true, false, false) {
		b = appendFlag(b, "store", false)
	}
	b = append(b, "&retry="...)
	b = strconv.AppendInt(b, int64(out.Retry), 10)
	b = appendParam(b, "wait", floatText(out.Wait))
	b = appendFlag(b, "optional", out.Optional)
	if out.RTO != defaultTimeout {
		b = appendParam(b, "rto", floatText(out.RTO))
	}
	if out.CTO != defaultTimeout {
		b = appendParam(b, "cto", floatText(out.CTO))
	}
	if !out.Verify {
		b = appendFlag(b, "verify", false)
	}
	if !out.Redirect {
		b = appendFlag(b, "redirect", false)
	}
	return string(b)
}

func appendFlag(b []byte, name string, on bool) []byte {
	b = append(append(append(b, '&'), name...), '=')
	if on {
		return append(b, "yes"...)
	}
	return append(b, "no"...)
}

func appendParam(b []byte, name, value string) []byte {
	b = append(append(append(b, '&'), name...), '=')
	return appendQuoted(b, value)
}
