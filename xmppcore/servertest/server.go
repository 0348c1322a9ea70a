//go:build servers

package servertest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"xmppscope/urlspec"
)

// The names that every server serves. None of them resolves: a test connects
// to 127.0.0.1 (see [Server.URL]).
const (
	// Domain is the JID domain of the users.
	Domain = "example.test"
	// PlainDomain has the same users and offers no TLS.
	PlainDomain = "plain.example.test"
	// RoomService is the domain of the rooms (XEP-0045).
	RoomService = "conference.example.test"
)

// Rooms are the rooms of every server, all owned by alice: open to everybody;
// members only; secret, with the password "sesame"; moderated, where newcomers
// are visitors without a voice; banroom, from which carol is banned.
func Rooms() []string { return []string{"open", "members", "secret", "moderated", "banroom"} }

// Users are the accounts of every server.
func Users() []string { return []string{"alice", "bob", "carol"} }

// Password is the password of a user.
func Password(user string) string { return user + "-pw" }

// startTimeout is how long a server may take until it is ready: three hundred
// times what it takes on an idle machine, since ejabberd needed more than a minute
// on one where twenty others wanted the processors.
const startTimeout = 180 * time.Second

// Options vary a server. The zero value is a server as most people run it.
type Options struct {
	// TLS is the only version it speaks, tls.VersionTLS12 or tls.VersionTLS13;
	// 0 leaves the choice to the server.
	TLS uint16
	// Certificate is what it shows.
	Certificate Certificate
	// Strict refuses logins without TLS: STARTTLS is marked as required.
	Strict bool
	// Policies adds what operators forbid their users, at addresses of their own
	// (see [Policies]).
	Policies bool
}

// domains are those of further users.
func (o Options) domains() []string {
	if o.Policies {
		return []string{Guarded, Sealed}
	}
	return nil
}

// Server is a running server.
type Server struct {
	// Name tells the releases apart: "prosody" and "ejabberd" are Debian 12's,
	// "prosody-13", "prosody-13-sasl2" and "ejabberd-26" newer ones. Behind
	// haproxy it begins with "haproxy-".
	Name string
	// Software is "prosody" or "ejabberd".
	Software string
	// STARTTLS is the port that starts in clear and offers STARTTLS, which is
	// required with Options.Strict.
	STARTTLS int
	// DirectTLS is the port that starts with TLS (XEP-0368).
	DirectTLS int
	// Plain is a port that takes logins at PlainDomain without TLS. On ejabberd
	// it never offers TLS and takes Domain too.
	Plain int
	// Components is the port for components (XEP-0114); see [Server.Bot].
	Components int
	// CAFile is the certificate of its authority, in PEM.
	CAFile string
	// Roots holds that authority.
	Roots *x509.CertPool

	authority *authority
	// command makes the command of a server that can be stopped and started;
	// process is what runs.
	command func() *exec.Cmd
	process *process
	// read is how far Connections has read its log.
	read int
}

// Port is the port for a mode of the connection.
func (s *Server) Port(mode urlspec.Mode) int {
	switch mode {
	case urlspec.ModeTLS:
		return s.DirectTLS
	case urlspec.ModeNone:
		return s.Plain
	default:
		return s.STARTTLS
	}
}

// JID is a user's bare JID.
func JID(user string) string { return user + "@" + Domain }

// Room is a room's bare JID.
func Room(name string) string { return name + "@" + RoomService }

// URL is the notification URL by which user logs in at Domain with the right
// password and writes to targets: "bob", "#open@conference.example.test". It
// connects to 127.0.0.1 because Domain does not resolve. Query holds further
// parameters as they are written in a URL, such as "scramplus=no&roster=yes".
func (s *Server) URL(mode urlspec.Mode, user, query string, targets ...string) string {
	return s.URLAt(s.Port(mode), Domain, mode, user, Password(user), query, targets...)
}

// URLAt is URL for another port, domain or password.
func (s *Server) URLAt(port int, domain string, mode urlspec.Mode, user, password, query string,
	targets ...string) string {
	scheme := "xmpps"
	if mode == urlspec.ModeNone {
		scheme = "xmpp"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s://%s@%s", scheme, url.UserPassword(user, password), net.JoinHostPort(domain, strconv.Itoa(port)))
	for _, target := range targets {
		b.WriteString("/" + url.PathEscape(target))
	}
	fmt.Fprintf(&b, "?mode=%s&xmpp=127.0.0.1", mode)
	if query != "" {
		b.WriteString("&" + query)
	}
	return b.String()
}

// address is a port of the server as net.Dial takes it.
func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// greet opens a stream without TLS and waits for the features, which shows
// that the server serves Domain and not merely that a port is open.
func (s *Server) greet(ctx context.Context) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address(s.STARTTLS))
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	stream := newStream(conn)
	if err := stream.open(Domain); err != nil {
		return fmt.Errorf("no stream features on port %d: %w", s.STARTTLS, err)
	}
	return nil
}

// versionName is the version of a TLS limit as the templates name it.
func versionName(version uint16) string {
	switch version {
	case tls.VersionTLS12:
		return "1.2"
	case tls.VersionTLS13:
		return "1.3"
	}
	return ""
}

// start runs attempt until a server stands, anew when another program took one
// of its ports between the choice and the start.
func start(t testing.TB, attempt func(ctx context.Context, ports ports) (*Server, error)) *Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	var err error
	for range 5 {
		var server *Server
		if server, err = attempt(ctx, freePorts(t)); err == nil {
			if err = server.greet(ctx); err == nil {
				return server
			}
		}
		if !isPortTaken(err) {
			break
		}
	}
	t.Fatalf("servertest: %v", err)
	return nil
}
