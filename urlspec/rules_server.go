package urlspec

import (
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
)

// The rules of what decides where and how to connect: mode=, port= and xmpp=.

// modeRule is mode=, which the scheme overrules when it says none. Of a text
// that is no URL there is no mode.
type modeRule struct{ quietRule }

func (modeRule) read(r *resolved, _ *Parameter, p *Param) {
	r.values.Mode, r.modeParam = ModeNone, nil
	if r.secure {
		r.values.Mode = ModeSTARTTLS
	}
	if p == nil || p.Value == "" {
		return
	}
	r.modeParam = p
	m, ok := matchMode(p.Value)
	switch {
	case !ok:
		r.faults |= badMode
	case m != ModeNone || !r.secure:
		r.values.Mode = m
	}
}

func (modeRule) value(r *resolved, _ *Parameter, _ *Param) string {
	if r.faults.has(notURL | otherScheme) {
		return ""
	}
	return string(r.values.Mode)
}

func (modeRule) check(c *checker, row *Parameter, p *Param) {
	if c.modeParam == nil {
		return
	}
	found, ok := matchMode(p.Value)
	switch {
	case !ok:
		c.offer("mode-invalid", p.value(), fmt.Sprintf("%s is no mode; Apprise refuses the URL. The modes "+
			"are starttls, tls and none.", c.value(p)), c.modeFixes(row, p.Value)...)
		return
	case len(p.Value) < len(found) && !c.modeOverruled():
		c.add("mode-abbreviated", p.ValueStart, p.ValueEnd, fmt.Sprintf("Apprise takes the first mode that begins with "+
			"%s, which is %s.", c.value(p), found), c.fixSetParam(row.Name, string(found)))
	}
	switch {
	case c.modeOverruled():
		c.add("mode-overruled", p.ValueStart, p.ValueEnd, "xmpps:// overrules mode=none: Apprise uses STARTTLS. For no "+
			"encryption the scheme would have to be xmpp.", c.fixRemoveParam(row.Name))
	case c.values.Mode == ModeNone:
		c.add("plaintext", p.ValueStart, p.ValueEnd, "Nothing is encrypted: password and messages can be read on the "+
			"way.", c.fixSetParam(row.Name, string(ModeSTARTTLS)))
	}
}

// matchMode is the first mode that v is a prefix of.
func matchMode(v string) (Mode, bool) {
	v = lower(v)
	for _, m := range [...]Mode{ModeSTARTTLS, ModeTLS, ModeNone} {
		if len(v) <= len(m) && string(m[:len(v)]) == v {
			return m, true
		}
	}
	return "", false
}

// modeFixes are the modes that may be meant by a value that is none, the
// likeliest first.
func (c *checker) modeFixes(row *Parameter, v string) []Fix {
	var meant []Mode
	sure := false
	switch v = lower(v); {
	case strings.HasPrefix(v, "start"):
		meant, sure = []Mode{ModeSTARTTLS}, editDistance(v, string(ModeSTARTTLS)) <= 2
	case strings.HasPrefix(v, "ssl"), strings.HasPrefix(v, "direct"), strings.HasPrefix(v, "tls"), v == "https":
		meant = []Mode{ModeTLS, ModeSTARTTLS}
	case v == "plain", v == "plaintext", v == "off", v == "0", v == "false":
		meant = []Mode{ModeSTARTTLS, ModeNone}
	case editDistance(v, string(ModeSTARTTLS)) <= 2:
		meant, sure = []Mode{ModeSTARTTLS}, true
	case editDistance(strings.Trim(v, `"'`), string(ModeTLS)) <= 1, len(v) == 3 && strings.Trim(v, "tls") == "":
		meant, sure = []Mode{ModeTLS}, true
	default:
		meant = []Mode{ModeSTARTTLS, ModeTLS}
	}
	fixes := make([]Fix, 0, len(meant))
	for _, m := range meant {
		fix := c.fixSetParam(row.Name, string(m))
		if !sure {
			fix = offered(fix)
		}
		fixes = append(fixes, *fix)
	}
	return fixes
}

// portRule is port=, which need hold no digit and replaces the port part even
// when it is no number. 0 means the default, which comes from the mode.
type portRule struct{ quietRule }

func (portRule) read(r *resolved, _ *Parameter, p *Param) {
	r.port, r.portSet, r.portParam = number{}, false, p
	if r.hasPort {
		ok := strings.ContainsAny(r.lexed.port.s, "0123456789")
		if ok {
			r.port, ok = parseInt(r.lexed.port.s)
		}
		if !ok {
			r.faults |= badPort
		}
		r.portSet = ok
	}
	if p != nil {
		r.port, r.portSet = parseInt(p.Value)
	}
	r.values.Port, r.values.bigPort = r.port.value, r.port.big
	if r.values.Port == 0 {
		r.values.Port = r.values.Mode.defaultPort()
	}
}

func (portRule) value(r *resolved, _ *Parameter, _ *Param) string {
	return number{value: r.values.Port, big: r.values.bigPort}.String()
}

func (portRule) source(r *resolved) extent { return r.lexed.port.extent() }

func (portRule) check(c *checker, row *Parameter, p *Param) {
	if c.unfinished() {
		return // the “:” may begin a password
	}
	drop := c.fixRemoveParam(row.Name)
	if !c.portSet && p.Value != "" {
		c.add("value-unrecognised", p.ValueStart, p.ValueEnd, fmt.Sprintf("%s is no port: Apprise ignores port= and the "+
			"port in the URL too, and takes %d.", c.value(p), c.values.Port), offered(drop))
	}
	if c.portSet {
		c.checkPortNumber(c.lexed.rawValue(p), drop)
	}
}

// defaultPort is the port Apprise takes from the mode.
func (m Mode) defaultPort() int {
	if m == ModeTLS {
		return 5223
	}
	return 5222
}

// checkPortNumber covers a port that Apprise could read, wherever it is
// written.
func (c *checker) checkPortNumber(m mapped, drop *Fix) {
	n := c.port.value
	plain := strconv.Itoa(n)
	switch {
	case n == 0:
		c.addPart("port-odd", m, fmt.Sprintf("Port 0 is Apprise's way to say the default, %d.", c.values.Port), drop)
		return
	case n < 0 || n > math.MaxUint16:
		c.addPart("port-range", m, fmt.Sprintf("Ports go from 1 to 65535; Apprise takes %s all the same and then cannot "+
			"connect.", c.quotedPart(m)), drop)
		return
	case m.s != plain:
		c.addPart("port-odd", m, fmt.Sprintf("Only Python reads %s as %d.", c.quotedPart(m), n),
			replace("write "+plain, m.start(), m.end(), plain))
	}
	switch {
	case n == 5223 && c.values.Mode == ModeSTARTTLS:
		c.addPart("port-mode", m, "Port 5223 usually speaks TLS from the first byte, but the mode is starttls, which "+
			"begins without.", c.fixSetParam("mode", "tls"))
	case n == 5222 && c.values.Mode == ModeTLS:
		c.addPart("port-mode", m, "Port 5222 usually begins without TLS, but the mode is tls, which begins with it.",
			c.fixSetParam("mode", "starttls"))
	default:
		c.checkService(m, drop)
	}
}

// serverRule is xmpp=, decoded a second time and stripped, or else the host.
// Apprise takes it as it is.
type serverRule struct{}

func (serverRule) read(r *resolved, _ *Parameter, p *Param) {
	r.values.TCPHost, r.serverParam = r.values.Host, nil
	if p == nil {
		return
	}
	if host := strip(unquote(p.Value)); host != "" {
		r.values.TCPHost, r.serverParam = host, p
	}
}

func (serverRule) value(r *resolved, _ *Parameter, _ *Param) string { return r.values.TCPHost }

func (serverRule) unusual(r *resolved, _ *Parameter, _ *Param) bool {
	return r.values.TCPHost != r.values.Host
}

func (serverRule) source(r *resolved) extent { return r.host.extent() }

// bracketed reports whether a host is an IPv6 address in brackets.
func bracketed(host string) bool {
	_, err := netip.ParseAddr(Unbracket(host))
	return err == nil && strings.HasPrefix(host, "[")
}

// checkBrackets is the same for a host that is to be connected to itself.
func (c *checker) checkBrackets() {
	if c.serverParam == nil && bracketed(c.values.TCPHost) && !c.hidden(c.host.start(), c.host.end()) {
		c.addPart("xmpp-brackets", c.host, "Apprise hands the address to the system with its brackets, which finds no such "+
			"host. xmpp= takes an IPv6 address as it is, and the account's domain stays.",
			c.fixSetParam("xmpp", Unbracket(c.values.TCPHost)))
	}
}

func (serverRule) check(c *checker, row *Parameter, p *Param) {
	host := c.values.TCPHost
	switch {
	case c.serverParam == nil || c.hidden(p.ValueStart, p.ValueEnd):
		return
	case bracketed(host):
		c.addParam("xmpp-brackets", p, "Apprise hands the address to the system with its brackets, which finds no such "+
			"host. "+
			"xmpp= takes an IPv6 address as it is.", c.fixSetParam(row.Name, Unbracket(host)))
		return
	case host == c.values.Host:
		c.addParam("xmpp-redundant", p, "xmpp= names the host itself, which is the default.", c.fixRemoveParam(row.Name))
		return
	case isHost(host):
		return
	}
	i := portColon(host)
	if i >= 0 && isHost(host[:i]) && host[i+1:] != "" && strings.Trim(host[i+1:], "0123456789") == "" {
		fix := replace("use the port of the URL", p.ValueStart, p.ValueEnd, quoteValue(host[:i]))
		if !c.portSet {
			fix = replace("move the port to port=", p.ValueStart, p.ValueEnd, quoteValue(host[:i])+"&port="+host[i+1:])
		}
		c.add("xmpp-has-port", p.ValueStart, p.ValueEnd, fmt.Sprintf("Apprise takes %s as one host name, port and all, "+
			"and cannot find it. The port belongs after the host of the URL.", c.value(p)), fix)
		return
	}
	var fix *Fix
	if _, name, ok := strings.Cut(host, "://"); ok && isHost(strings.TrimRight(name, "/")) {
		fix = c.fixSetParam(row.Name, strings.TrimRight(name, "/"))
	}
	c.add("xmpp-invalid", p.ValueStart, p.ValueEnd, fmt.Sprintf("%s is no host name, but Apprise does not check it and "+
		"tries to connect there.", c.value(p)), fix)
}
