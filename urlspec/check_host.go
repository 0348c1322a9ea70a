package urlspec

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// checkHost covers the host and what Python's URL parser refuses of it.
func (c *checker) checkHost() {
	h := c.host
	c.checkBrackets()
	if !c.faults.has(badHost | badBrackets | hiddenSlash) {
		return
	}
	if name := seen(h.s); name != h.s && isHost(name) && c.unseenIn(h.extent(), Error,
		"No host has it in its name, so Apprise refuses the URL.") {
		return
	}
	hidden := c.hidden(h.start(), h.end())
	switch {
	case (c.unfinished() || hidden) && c.refusalNamed():
		return // checkUser said it: the "@" is missing, or there is one too many
	case hidden && h.s != "":
		c.addPart("host-invalid", h,
			"This is no host to Apprise, which refuses the URL. It may hold a password, so it is not shown.", nil)
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
		c.addPart("host-unicode", h, fmt.Sprintf("Apprise takes ASCII hosts only: %s %s.", c.quotedPart(h), want),
			c.punycodeFix())
	case c.faults.has(hiddenSlash):
		c.addPart("host-unicode", c.netloc,
			"A character here turns into a “/”, “?”, “#”, “@” or “:” when it is normalised; Apprise "+
				"refuses the URL.", nil)
	case c.faults.has(badBrackets) && !strings.ContainsAny(h.s, "[]"):
		// The brackets stand before the "@": checkUserBrackets says so.
	default:
		if label, ok := c.digitLabel(); ok {
			c.addPart("host-one-digit-label", label,
				fmt.Sprintf("Apprise refuses a host with a single digit between the dots: %s.", c.quotedPart(h)), nil)
			return
		}
		why, fix := c.hostFault()
		c.addPart("host-invalid", h,
			fmt.Sprintf("%s is no host to Apprise: %s. It refuses the URL.", c.quotedPart(h), why), fix)
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
	if at, after := paramSign(h.s, "&;,|"); at > 0 && isHost(h.s[:at]) {
		fix := replace("write ?", h.pos(at), h.pos(after), "?")
		if h.s[at] != '&' && h.s[at] != ';' {
			fix = offered(fix)
		}
		return "parameters begin with a “?”", fix
	}
	switch i := strings.IndexAny(h.s, "&;="); {
	case strings.ContainsAny(h.s, "[]:"):
		why = "it is no IPv6 address"
		if i := strings.LastIndexByte(h.s, ']'); i > 0 && isHost(h.s[:i+1]) && strings.HasPrefix(h.s[i+1:], ":") {
			why = "an IPv6 address with a zone or with dots takes no port behind it; port= gives one"
		}
		if lowered := strings.ToLower(h.s); lowered != h.s && portColon(lowered) >= 0 {
			return "before a port an IPv6 address must be in lower case", replace("write it in lower case", from, to, lowered)
		}
		return why, nil
	case strings.Contains(h.s, "%"):
		if name := unquote(h.s); isHost(name) {
			fix = replace("write "+name, from, to, name)
		}
		return "escapes are not allowed in it", fix
	case i > 0 && h.s[i] != '=' && isHost(h.s[:i]):
		why = fmt.Sprintf("parameters begin with a “?”, not with “%c”", h.s[i])
		return why, replace("write ?", h.pos(i), h.pos(i+1), "?")
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
	return "only letters, digits, “-” and “_” may stand between the dots, 63 at most, and “-” and “_” not at " +
		"an end", nil
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

// maxUnicodeHost is the length in bytes from which on no host is written in
// ASCII: what a name of maxHost characters can take, for the time it takes.
const maxUnicodeHost = maxHost * utf8.UTFMax

// toASCII writes an internationalised host in ASCII, as it is looked up (RFC
// 5891 section 5, UTS 46). It fails where Apprise would not take the result, and
// where a character cannot be seen, which the mapping may drop without a word.
func toASCII(host string) (string, bool) {
	if len(host) > maxUnicodeHost || strings.ContainsFunc(host, isNameless) {
		return "", false
	}
	ascii, err := idna.Lookup.ToASCII(host)
	return ascii, err == nil && isHost(ascii)
}

// isNameless is true for what no host name has: characters that cannot be seen,
// and bytes that are no text.
func isNameless(r rune) bool { return isUnseen(r) || isSpace(r) || r == utf8.RuneError }

// checkPort covers the port part.
func (c *checker) checkPort() {
	m := c.lexed.port
	if !c.hasPort {
		return
	}
	if c.unfinished() || c.portParam == nil && c.hidden(m.start()-1, m.end()) {
		if c.faults.has(badPort) && !c.refusalNamed() {
			c.addPart("port-invalid", m, "This is no port, so Apprise refuses the URL. It may be a password whose “@” is "+
				"missing, so it is not shown.", nil)
		}
		return
	}
	drop := replace(fmt.Sprintf("use the default port, %d", c.values.Mode.defaultPort()), c.host.end(), m.end(), "")
	if c.faults.has(badPort) && allDigits(seen(m.s)) && c.unseenIn(m.extent(), Error,
		"It is in no number, so Apprise refuses the URL.") {
		return
	}
	if c.faults.has(badPort) {
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
	if c.portSet && c.portParam == nil {
		c.checkPortNumber(m, drop)
	}
}

// checkEncryption covers what the scheme says of the mode, and the mode of it.
func (c *checker) checkEncryption() {
	switch {
	case c.faults.has(badMode | otherScheme):
	case !c.secure && c.values.Mode != ModeNone:
		c.addPart("mode-upgrades-scheme", c.scheme, fmt.Sprintf("xmpp:// says no encryption, but mode=%s wins: Apprise "+
			"encrypts, with a warning.", c.values.Mode), replace("write xmpps", c.scheme.start(), c.scheme.end(), "xmpps"))
	case c.values.Mode == ModeNone && c.modeParam == nil:
		c.addPart("plaintext", c.scheme, "xmpp:// without mode= encrypts nothing: password and messages can be read on "+
			"the way.", c.fixSetParam("mode", string(ModeSTARTTLS)))
	}
}
