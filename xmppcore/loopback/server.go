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
	"syscall"
	"time"

	"xmppscope/urlspec"
)

// Server is a running server. Its methods may be called from any goroutine.
type Server struct {
	cfg       Config
	authority *authority
	hub       *hub
	vault     *vault

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
func Start(cfg Config) (*Server, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("loopback server: %w", err)
	}
	s := &Server{cfg: cfg, ports: map[urlspec.Mode]int{}, conns: map[*conn]struct{}{}}
	if s.authority, err = newAuthority(cfg.Certificate, cfg.Domain, cfg.Service); err != nil {
		return nil, fmt.Errorf("loopback server: %w", err)
	}
	s.vault = newVault(cfg)
	if s.hub, err = newHub(cfg, s.logf); err != nil {
		return nil, fmt.Errorf("loopback server: %w", err)
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	for mode, port := range map[urlspec.Mode]int{
		urlspec.ModeSTARTTLS: cfg.STARTTLS, urlspec.ModeTLS: cfg.TLS, urlspec.ModeNone: cfg.Plain,
	} {
		if standard := standardPorts[mode]; cfg.StandardPorts && port == 0 && standard != 0 && s.listen(mode, standard) == nil {
			continue
		}
		if err := s.listen(mode, port); err != nil {
			return nil, errors.Join(fmt.Errorf("loopback server: %w", err), s.Close())
		}
	}
	return s, nil
}

// listen opens one port on both loopback addresses and accepts on them.
func (s *Server) listen(mode urlspec.Mode, port int) error {
	const attempts = 5 // a free IPv4 port may be taken on IPv6
	var v4, v6 net.Listener
	for range attempts {
		var err error
		if v4, err = net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err != nil {
			return fmt.Errorf("port for mode=%s: %w", mode, err)
		}
		s.ports[mode] = v4.Addr().(*net.TCPAddr).Port
		v6, err = net.Listen("tcp6", net.JoinHostPort("::1", strconv.Itoa(s.ports[mode])))
		if err == nil || port != 0 || !errors.Is(err, syscall.EADDRINUSE) {
			break
		}
		_ = v4.Close()
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
		if errors.Is(err, net.ErrClosed) || s.ctx.Err() != nil {
			if raw != nil {
				_ = raw.Close()
			}
			return
		}
		if err != nil {
			// Out of file descriptors, or the client left already: go on, but
			// not in a busy loop.
			select {
			case <-time.After(10 * time.Millisecond):
				continue
			case <-s.ctx.Done():
				return
			}
		}
		s.mu.Lock()
		if s.conns == nil {
			s.mu.Unlock()
			_ = raw.Close()
			return
		}
		s.count++
		c := newConn(s, raw, mode, s.count)
		s.conns[c] = struct{}{}
		s.wg.Go(func() {
			c.serve()
			s.mu.Lock()
			delete(s.conns, c)
			s.mu.Unlock()
		})
		s.mu.Unlock()
	}
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
func (s *Server) Domain() string { return s.cfg.Domain }

// Service is the JID of the chat room service.
func (s *Server) Service() string { return s.cfg.Service }

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
	cfg := &tls.Config{
		Certificates: []tls.Certificate{s.authority.leaf},
		MinVersion:   s.cfg.MinTLS,
		MaxVersion:   s.cfg.MaxTLS,
	}
	if mode == urlspec.ModeTLS {
		cfg.NextProtos = []string{"xmpp-client"}
	}
	return cfg
}

// logf tells Config.Log, one line at a time.
func (s *Server) logf(format string, args ...any) {
	if s.cfg.Log == nil {
		return
	}
	s.logMu.Lock()
	defer s.logMu.Unlock()
	s.cfg.Log(fmt.Sprintf(format, args...))
}
