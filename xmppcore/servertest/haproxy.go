//go:build servers

package servertest

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// ProxyOptions vary a proxy.
type ProxyOptions struct {
	// ClientTLS and ServerTLS are the only versions of TLS on either side,
	// tls.VersionTLS12 or tls.VersionTLS13; 0 leaves the choice to haproxy.
	ClientTLS, ServerTLS uint16
	// Offload makes the proxy speak without TLS to the server.
	Offload bool
	// OtherCertificate gives the proxy a certificate of its own, by the same
	// authority, in place of the server's.
	OtherCertificate bool
	// Header has the proxy end no TLS, and want from its clients the header that
	// one load balancer sends another (the PROXY protocol).
	Header bool
}

// HAProxy starts haproxy before a server. The result is the server as seen
// through it: only its DirectTLS port differs, and with options.Header only its
// STARTTLS port.
func HAProxy(t testing.TB, server *Server, options ProxyOptions) *Server {
	t.Helper()
	binary := find(t, "haproxy", "haproxy")
	folder := t.TempDir()

	certificate := filepath.Join(folder, "proxy-full.pem")
	if options.OtherCertificate {
		server.authority.issue(t, folder, "proxy", Valid)
	} else if err := os.Link(filepath.Join(filepath.Dir(server.CAFile), "server-full.pem"), certificate); err != nil {
		t.Fatal("servertest: ", err)
	}
	port := server.DirectTLS
	if options.Offload || options.Header {
		port = server.STARTTLS
	}
	file := filepath.Join(folder, "haproxy.cfg")
	render(t, "haproxy.cfg", file, struct {
		Certificate, ClientTLS, ServerTLS, Domain string
		Offload, Header                           bool
		Port                                      int
	}{certificate, forceTLS(options.ClientTLS), forceTLS(options.ServerTLS), Domain,
		options.Offload || options.Header, options.Header, port})

	// haproxy inherits a socket that listens already, so clients may connect
	// before it is ready, and no other program can take the port.
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal("servertest: ", err)
	}
	defer listener.Close()
	socket, err := listener.File()
	if err != nil {
		t.Fatal("servertest: ", err)
	}
	defer socket.Close()
	cmd := exec.Command(binary, "-db", "-f", file)
	cmd.Dir = folder
	cmd.ExtraFiles = []*os.File{socket} // descriptor 3
	if _, err := begin(t, "haproxy", cmd); err != nil {
		t.Fatal("servertest: ", err)
	}

	proxied := *server
	proxied.Name = "haproxy-" + server.Name
	if listening := listener.Addr().(*net.TCPAddr).Port; options.Header {
		proxied.STARTTLS = listening
	} else {
		proxied.DirectTLS = listening
	}
	return &proxied
}

// forceTLS is haproxy's way to allow one version only.
func forceTLS(version uint16) string {
	switch versionName(version) {
	case "1.2":
		return "force-tlsv12"
	case "1.3":
		return "force-tlsv13"
	}
	return ""
}
