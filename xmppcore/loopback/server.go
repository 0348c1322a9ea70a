package loopback

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"xmppscope/urlspec"
)

// Server is a running server. Its methods may be called from any goroutine.
type Server struct {
	config       Config
	authority    *authority
	credentials  *credentials
	failedLogins atomic.Int64
	hub          *hub

	ctx       context.Context
	cancel    context.CancelFunc
	listeners []net.Listener
	ports     map[urlspec.Mode]int
	wg        sync.WaitGroup

	mu    sync.Mutex
	conns map[*conn]struct{} // nil once closed
	count int                // connections so far

	logMu sync.Mutex
}

// standardPorts are where clients look first. There is none for XMPP without TLS
// beside the one of STARTTLS.
var standardPorts = map[urlspec.Mode]int{urlspec.ModeSTARTTLS: 5222, urlspec.ModeTLS: 5223}

// Start starts a server on 127.0.0.1, and on the same ports of [::1] where the
// machine has IPv6. The caller must Close it.
func Start(config Config) (*Server, error) {
	s, err := newServer(config.withDefaults())
	if err == nil {
		err = s.listen()
	}
	if err != nil {
		return nil, fmt.Errorf("loopback server: %w", err)
	}
	return s, nil
}

func newServer(config Config) (*Server, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	s := &Server{
		config: config, credentials: newCredentials(config.Faults.Iterations),
		ports: map[urlspec.Mode]int{}, conns: map[*conn]struct{}{},
	}
	var err error
	if s.hub, err = newHub(config, s.logf); err != nil {
		return nil, err
	}
	if s.authority, err = newAuthority(config.Certificate, config.Domain, config.Service); err != nil {
		return nil, err
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s, nil
}

// listen opens the ports, all or none.
func (s *Server) listen() error {
	ports := map[urlspec.Mode]int{
		urlspec.ModeSTARTTLS: s.config.STARTTLS, urlspec.ModeTLS: s.config.TLS, urlspec.ModeNone: s.config.Plain,
	}
	for _, extra := range s.config.Paths.extraPorts() {
		ports[extra] = 0
	}
	for mode, port := range ports {
		standard := standardPorts[mode]
		if s.config.StandardPorts && port == 0 && standard != 0 && s.listenAt(mode, standard) == nil {
			continue
		}
		if err := s.listenAt(mode, port); err != nil {
			return errors.Join(err, s.Close())
		}
	}
	return nil
}

// listenAt opens one port on both loopback addresses and accepts on them.
func (s *Server) listenAt(mode urlspec.Mode, port int) error {
	const attempts = 5 // a free IPv4 port may be taken on IPv6
	var v4, v6 net.Listener
	for range attempts {
		if v4 != nil {
			_ = v4.Close()
		}
		var err error
		if v4, err = net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err != nil {
			return fmt.Errorf("port for mode=%s: %w", mode, err)
		}
		s.ports[mode] = v4.Addr().(*net.TCPAddr).Port
		v6, err = net.Listen("tcp6", net.JoinHostPort("::1", strconv.Itoa(s.ports[mode])))
		if err == nil || port != 0 || !errors.Is(err, syscall.EADDRINUSE) {
			break
		}
	}
	for _, l := range []net.Listener{v4, v6} {
		if l == nil {
			continue // no IPv6 here, or the port is taken there: 127.0.0.1 is enough
		}
		s.listeners = append(s.listeners, l)
		s.wg.Go(func() { s.accept(l, mode) })
	}
	return nil
}

// accept serves connections until the listener is closed.
func (s *Server) accept(l net.Listener, mode urlspec.Mode) {
	for {
		raw, err := l.Accept()
		switch {
		case errors.Is(err, net.ErrClosed) || s.ctx.Err() != nil:
			if raw != nil {
				_ = raw.Close()
			}
			return
		case err != nil:
			// Out of file descriptors, or the client left already: go on, but
			// not in a busy loop.
			select {
			case <-time.After(10 * time.Millisecond):
			case <-s.ctx.Done():
			}
		default:
			s.serve(raw, mode)
		}
	}
}

// serve begins to serve a connection, unless the server is closed.
func (s *Server) serve(raw net.Conn, mode urlspec.Mode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conns == nil {
		_ = raw.Close()
		return
	}
	s.count++
	c := newConn(s, raw, mode, s.count)
	s.conns[c] = struct{}{}
	s.wg.Go(func() {
		c.serve()
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.conns, c)
	})
}

// Connections is how many connections the server has accepted so far.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// Close ends every stream with system-shutdown, closes all connections and
// ports, and returns when nothing of the server is left running. Closing twice
// is harmless.
func (s *Server) Close() error {
	s.mu.Lock()
	open := s.conns
	s.conns = nil
	s.mu.Unlock()
	s.cancel()
	var err error
	if open != nil {
		for _, l := range s.listeners {
			err = errors.Join(err, l.Close())
		}
		for c := range open {
			c.interrupt(&streamError{condition: "system-shutdown"})
		}
	}
	s.wg.Wait()
	return err
}

// STARTTLSPort is the port that offers STARTTLS.
func (s *Server) STARTTLSPort() int { return s.ports[urlspec.ModeSTARTTLS] }

// TLSPort is the port that speaks TLS from the first byte (XEP-0368).
func (s *Server) TLSPort() int { return s.ports[urlspec.ModeTLS] }

// PlainPort is the port without TLS.
func (s *Server) PlainPort() int { return s.ports[urlspec.ModeNone] }

// Domain is the JID domain that the server serves.
func (s *Server) Domain() string { return s.config.Domain }

// Service is the JID of the chat room service.
func (s *Server) Service() string { return s.config.Service }

// CAPEM is the certificate of the server's authority in PEM form, for
// SSL_CERT_FILE and stock clients.
func (s *Server) CAPEM() []byte { return s.authority.pem() }

// Roots is a pool that holds the server's authority alone.
func (s *Server) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.authority.root.cert)
	return pool
}

// tlsConfig is the server side of TLS. On direct TLS, ALPN xmpp-client is
// answered, and its absence is no error.
func (s *Server) tlsConfig(mode urlspec.Mode) *tls.Config {
	config := &tls.Config{
		Certificates: []tls.Certificate{s.authority.leaf},
		MinVersion:   s.config.MinTLS,
		MaxVersion:   s.config.MaxTLS,
	}
	if mode == urlspec.ModeTLS {
		config.NextProtos = []string{"xmpp-client"}
	}
	return config
}

// logf tells Config.Log, one line at a time.
func (s *Server) logf(format string, args ...any) {
	if s.config.Log == nil {
		return
	}
	s.logMu.Lock()
	defer s.logMu.Unlock()
	s.config.Log(fmt.Sprintf(format, args...))
}
