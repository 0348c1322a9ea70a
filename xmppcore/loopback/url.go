package loopback

import (
	"fmt"
	"net/url"
	"strings"
)

// Mode is how a client secures its connection: the values of Apprise's mode=.
type Mode string

// The modes.
const (
	ModeSTARTTLS Mode = "starttls"
	ModeTLS      Mode = "tls"
	ModeNone     Mode = "none"
)

// Port is the port for a mode.
func (s *Server) Port(m Mode) int {
	switch m {
	case ModeTLS:
		return s.TLSPort()
	case ModeNone:
		return s.PlainPort()
	}
	return s.STARTTLSPort()
}

// URL is the Apprise URL with which an account, given by its name, logs in to
// this server and writes to the targets: account names, JIDs, and rooms as
// "#room@service". It holds the account's password.
func (s *Server) URL(m Mode, account string, targets ...string) string {
	scheme, query := "xmpps", ""
	switch m {
	case ModeNone:
		scheme = "xmpp"
	case ModeTLS:
		query = "?mode=tls"
	}
	password := ""
	if a := s.hub.account(account); a != nil {
		password = a.Password
	}
	var path strings.Builder
	for _, t := range targets {
		// The "@" of a JID does no harm in the path, and reads better.
		path.WriteString("/" + strings.ReplaceAll(escape(t), "%40", "@"))
	}
	return fmt.Sprintf("%s://%s:%s@%s:%d%s%s",
		scheme, escape(account), escape(password), s.cfg.Domain, s.Port(m), path.String(), query)
}

// escape percent-encodes all that means something in an Apprise URL.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}
