package urlspec

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// checkHost covers the host and what Python's URL parser refuses of it.
func (c *checker) checkHost() {
	h := c.host
	if !c.faults.has(badHost | badBrackets | hiddenSlash) {
		return
	}
	hidden := c.hidden(h.start(), h.end())
	switch {
	case (c.unfinished() || hidden) && c.refusalNamed():
		return // checkUser said it: the "@" is missing, or there is one too many
	case hidden && h.s != "":
		c.addPart("host-invalid", h, "This is no host to Apprise, which refuses the URL. It may hold a password, so it is not shown.", nil)
		return
	}
	switch {
	case h.s == "":
		c.addPart("host-missing", h, "There is no host: Apprise refuses the URL. The host is the domain of the JID.", nil)
	case !isASCII(h.s):
		want := "must be written in Punycode"
		if strings.ContainsFunc(h.s, isNameless) {
			want = "holds a character that cannot be seen, which is in no host's name"
		}
		c.addPart("host-unicode", h, fmt.Sprintf("Apprise takes ASCII hosts only: %s %s.", c.quotedPart(h), want), c.punycodeFix())
	case c.faults.has(hiddenSlash):
		c.addPart("host-unicode", c.netloc, "A character here turns into a “/”, “?”, “#”, “@” or “:” when it is normalised; Apprise refuses the URL.", nil)
	case c.faults.has(badBrackets) && !strings.ContainsAny(h.s, "[]"):
		// The brackets stand before the "@": checkUserBrackets says so.
	default:
		if label, ok := c.digitLabel(); ok {
			c.addPart("host-one-digit-label", label, fmt.Sprintf("Apprise refuses a host with a single digit between the dots: %s.", c.quotedPart(h)), nil)
			return
		}
		why, fix := c.hostFault()
		c.addPart("host-invalid", h, fmt.Sprintf("%s is no host to Apprise: %s. It refuses the URL.", c.quotedPart(h), why), fix)
	}
}

// digitLabel finds a label of one digit in a host that would be right without.
func (c *checker) digitLabel() (mapped, bool) {
	s := strings.TrimSuffix(c.host.s, ".")
	var found mapped
	for from := 0; ; {
		label, _, more := strings.Cut(s[from:], ".")
		if len(label) == 1 && label[0] >= '0' && label[0] <= '9' {
			if found.s == "" {
				found = c.host.slice(from, from+1)
			}
		} else if !isLabel(label) {
			return mapped{}, false
		}
		if !more {
			break
		}
		from += len(label) + 1
	}
	return found, found.s != "" && strings.Trim(s, "0123456789.") != ""
}

// hostFault says what is wrong with a host of ASCII characters.
func (c *checker) hostFault() (why string, fix *Fix) {
	h := c.host
	from, to := h.start(), h.end()
	switch i := strings.IndexAny(h.s, "&="); {
	case strings.ContainsAny(h.s, "[]:"):
		why = "it is no IPv6 address"
		if lowered := strings.ToLower(h.s); lowered != h.s && portColon(lowered) >= 0 {
			return "before a port an IPv6 address must be in lower case", replace("write it in lower case", from, to, lowered)
		}
		return why, nil
	case strings.Contains(h.s, "%"):
		if name := unquote(h.s); isHost(name) {
			fix = replace("write "+name, from, to, name)
		}
		return "escapes are not allowed in it", fix
	case i > 0 && h.s[i] == '&' && isHost(h.s[:i]):
		return "parameters begin with a “?”, not with “&”", replace("write ?", h.pos(i), h.pos(i+1), "?")
	case strings.Trim(h.s, "0123456789.") == "":
		return "it is no IPv4 address of four numbers up to 255", nil
	case len(h.s) > maxHost:
		return fmt.Sprintf("it is longer than %d characters", maxHost), nil
	case strings.Contains(h.s, ".."), strings.HasPrefix(h.s, "."):
		return "there is nothing between two dots", nil
	case strings.Contains(h.s, `\`):
		i := strings.Index(h.s, `\`)
		return "a backslash is no slash", replace("write /", h.pos(i), h.pos(i+1), "/")
	}
	return "only letters, digits, “-” and “_” may stand between the dots, 63 at most, and “-” and “_” not at an end", nil
}

func isHost(s string) bool {
	_, ok := hostname(s)
	return ok
}

// punycodeFix writes an internationalised host in ASCII.
func (c *checker) punycodeFix() *Fix {
	name, ok := toASCII(c.host.s)
	if !ok {
		return nil
	}
	return replace("write "+name, c.host.start(), c.host.end(), name)
}

// checkPort covers the port in its place and in port=.
func (c *checker) checkPort() {
	m := c.lexed.port
	if c.portFrom < 0 && !c.hasPort {
		return
	}
	if c.unfinished() || c.portFrom < 0 && c.hidden(m.start()-1, m.end()) {
		if c.hasPort && c.faults.has(badPort) && !c.refusalNamed() {
			c.addPart("port-invalid", m, "This is no port, so Apprise refuses the URL. It may be a password whose “@” is missing, so it is not shown.", nil)
		}
		return
	}
	drop := replace(fmt.Sprintf("use the default port, %d", c.mode.defaultPort()), c.host.end(), m.end(), "")
	if c.hasPort && c.faults.has(badPort) {
		why := fmt.Sprintf("%s is no number", c.quotedPart(m))
		if m.s == "" {
			why = "there is nothing after the “:”"
		}
		at := m.start()
		if m.s == "" {
			at--
		}
		c.add("port-invalid", at, m.end(), fmt.Sprintf("Not a port: %s. Apprise refuses the URL.", why), drop)
	}
	if c.portFrom >= 0 {
		p := c.params[c.portFrom]
		m = c.lexed.rawValue(c.portFrom)
		drop = c.fixRemoveParam("port")
		if !c.portSet && p.Value != "" {
			c.add("value-unrecognised", p.ValueStart, p.ValueEnd, fmt.Sprintf("%s is no port: Apprise ignores port= and the port in the URL too, and takes %d.", c.quoted(p.ValueStart, p.ValueEnd), c.mode.defaultPort()), drop)
		}
	}
	if c.portSet {
		c.checkPortNumber(m, drop)
	}
}

// checkPortNumber covers a port that Apprise could read.
func (c *checker) checkPortNumber(m mapped, drop *Fix) {
	n := c.port.value
	plain := strconv.Itoa(n)
	switch {
	case n == 0:
		c.addPart("port-odd", m, fmt.Sprintf("Port 0 is Apprise's way to say the default, %d.", c.mode.defaultPort()), drop)
		return
	case n < 0 || n > math.MaxUint16:
		c.addPart("port-range", m, fmt.Sprintf("Ports go from 1 to 65535; Apprise takes %s all the same and then cannot connect.", c.quotedPart(m)), drop)
		return
	case m.s != plain:
		c.addPart("port-odd", m, fmt.Sprintf("Only Python reads %s as %d.", c.quotedPart(m), n), replace("write "+plain, m.start(), m.end(), plain))
	}
	switch {
	case n == 5223 && c.mode == ModeSTARTTLS:
		c.addPart("port-mode", m, "Port 5223 usually speaks TLS from the first byte, but the mode is starttls, which begins without.", c.fixSetParam("mode", "tls"))
	case n == 5222 && c.mode == ModeTLS:
		c.addPart("port-mode", m, "Port 5222 usually begins without TLS, but the mode is tls, which begins with it.", c.fixSetParam("mode", "starttls"))
	}
}

// checkMode covers mode= and what the scheme says of it.
func (c *checker) checkMode() {
	var place mapped
	if c.modeFrom >= 0 {
		place = c.lexed.rawValue(c.modeFrom)
		value := c.params[c.modeFrom].Value
		found, ok := matchMode(value)
		switch {
		case !ok:
			meant := meantMode(value)
			fix := c.fixRemoveParam("mode")
			if meant != "" {
				fix = c.fixSetParam("mode", string(meant))
			}
			c.addPart("mode-invalid", place, fmt.Sprintf("%s is no mode; Apprise refuses the URL. The modes are starttls, tls and none.", c.quotedPart(place)), fix)
			return
		case len(value) < len(found):
			c.addPart("mode-abbreviated", place, fmt.Sprintf("Apprise takes the first mode that begins with %s, which is %s.", c.quotedPart(place), found), c.fixSetParam("mode", string(found)))
		}
		if c.modeOverruled() {
			c.addPart("mode-overruled", place, "xmpps:// overrules mode=none: Apprise uses STARTTLS. For no encryption the scheme would have to be xmpp.", c.fixRemoveParam("mode"))
			return
		}
	}
	switch {
	case !c.secure && c.mode != ModeNone:
		c.addPart("mode-upgrades-scheme", c.scheme, fmt.Sprintf("xmpp:// says no encryption, but mode=%s wins: Apprise encrypts, with a warning.", c.mode), replace("write xmpps", c.scheme.start(), c.scheme.end(), "xmpps"))
	case c.mode == ModeNone && c.modeFrom >= 0:
		c.addPart("plaintext", place, "Nothing is encrypted: password and messages can be read on the way.", c.fixSetParam("mode", string(ModeSTARTTLS)))
	case c.mode == ModeNone && !c.faults.has(otherScheme):
		c.addPart("plaintext", c.scheme, "xmpp:// without mode= encrypts nothing: password and messages can be read on the way.", c.fixSetParam("mode", string(ModeSTARTTLS)))
	}
}

// meantMode guesses the mode behind a value that is none.
func meantMode(v string) Mode {
	switch v = lower(v); {
	case strings.HasPrefix(v, "start"):
		return ModeSTARTTLS
	case v == "ssl", v == "direct", v == "directtls", strings.HasPrefix(v, "tls"), v == "https":
		return ModeTLS
	case v == "plain", v == "plaintext", v == "off", v == "0", v == "false":
		return ModeNone
	case editDistance(v, "starttls") <= 2:
		return ModeSTARTTLS
	}
	return ""
}
