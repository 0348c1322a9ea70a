package loopback

import (
	"fmt"
	"net/url"
	"strings"

	"xmppscope/urlspec"
)

// port is the port for a mode.
func (s *Server) port(m urlspec.Mode) int { return s.ports[m] }

// URL is the Apprise URL with which an account, given by its name, logs in to
// this server and writes to the targets: account names, JIDs, and rooms as
// "#room@service". It holds the account's password.
func (s *Server) URL(m urlspec.Mode, account string, targets ...string) string {
	return link{mode: m, account: account, targets: targets}.url(s)
}

// link is an Apprise URL in parts. The zero value is alice's with STARTTLS and
// no target.
type link struct {
	mode urlspec.Mode
	// port is the mode whose port is used; empty means that of the mode. A
	// wrong one is what some worlds are about.
	port              urlspec.Mode
	host              string // empty means the server's domain
	account, password string // empty means alice, and the account's own password
	targets           []string
	params            []string // name=value
}

// url is the link to a running server.
func (l link) url(s *Server) string {
	if l.mode == "" {
		l.mode = urlspec.ModeSTARTTLS
	}
	if l.port == "" {
		l.port = l.mode
	}
	if l.host == "" {
		l.host = s.config.Domain
	}
	if l.account == "" {
		l.account = "alice"
	}
	if a := s.hub.account(l.account); a != nil && l.password == "" {
		l.password = a.Password
	}
	scheme, params := "xmpps", l.params
	switch l.mode {
	case urlspec.ModeNone:
		scheme = "xmpp"
	case urlspec.ModeTLS:
		params = append([]string{"mode=tls"}, params...)
	}
	standard := standardPorts[urlspec.ModeSTARTTLS]
	if l.mode == urlspec.ModeTLS {
		standard = standardPorts[urlspec.ModeTLS]
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s://%s:%s@%s", scheme, escape(l.account), escape(l.password), l.host)
	if port := s.port(l.port); port != standard {
		fmt.Fprintf(&b, ":%d", port)
	}
	for _, t := range l.targets {
		// The "@" of a JID does no harm in the path, and reads better.
		b.WriteString("/" + strings.ReplaceAll(escape(t), "%40", "@"))
	}
	separator := "?"
	for _, p := range params {
		b.WriteString(separator + p)
		separator = "&"
	}
	return b.String()
}

// with is the link with more parameters.
func (l link) with(params ...string) link {
	l.params = append(append([]string(nil), l.params...), params...)
	return l
}

// escape percent-encodes all that means something in an Apprise URL.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}
