//go:build apprise && servers

package realapprise

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"xmppscope/xmppcore/servertest"
)

// odd is a port on which no ordinary server answers.
type odd struct {
	name string
	port int
}

// oddPorts are ports of other services, and of servers that break off.
func oddPorts(t *testing.T) []odd {
	t.Helper()
	return []odd{
		{"a silent port", listen(t).Addr().(*net.TCPAddr).Port}, // the kernel accepts, and nobody reads
		{"a closed port", closed(t)},
		{"a port that hangs up", serve(t, func(net.Conn) {})},
		{"an SSH port", serve(t, ssh)},
		{"an HTTP port", serve(t, http)},
		{"a server that hangs up in the TLS handshake", serve(t, starttls(func(net.Conn) {}))},
		{"a server with TLS 1.1 alone", serve(t, starttls(oldTLS))},
		{"a server that refuses STARTTLS", serve(t, converse("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"+
			"</stream:stream>"))},
		{"a server that ends the stream after STARTTLS", serve(t, converse("<stream:error>"+
			"<system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"))},
	}
}

// closed is a port on which nobody listens.
func closed(t *testing.T) int {
	t.Helper()
	listener := listen(t)
	listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}

// serve answers every connection to a port, and hangs up. Whoever is gone needs no
// answer, so that errors of writing do not matter.
func serve(t *testing.T, answer func(net.Conn)) int {
	t.Helper()
	listener := listen(t)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				answer(conn)
			}()
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port
}

// ssh says what it is and waits for a line, of which there is none in XML.
func ssh(conn net.Conn) {
	_, _ = io.WriteString(conn, "SSH-2.0-OpenSSH_9.2p1\r\n")
	_, _ = io.Copy(io.Discard, conn)
}

// http does not understand, says so, and hangs up.
func http(conn net.Conn) {
	_, _ = conn.Read(make([]byte, 4096))
	_, _ = io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
}

// converse offers STARTTLS and has an answer to the client's wish for it.
func converse(answer string) func(net.Conn) {
	return func(conn net.Conn) {
		reader := bufio.NewReader(conn)
		if readTag(reader, "stream:stream") != nil {
			return
		}
		fmt.Fprintf(conn, "<?xml version='1.0'?><stream:stream from='%s' id='1' version='1.0' xmlns='jabber:client' "+
			"xmlns:stream='http://etherx.jabber.org/streams'><stream:features>"+
			"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>", servertest.Domain)
		if readTag(reader, "starttls") == nil {
			_, _ = io.WriteString(conn, answer)
		}
	}
}

// starttls agrees to STARTTLS, and then goes on.
func starttls(then func(net.Conn)) func(net.Conn) {
	agree := converse("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	return func(conn net.Conn) {
		agree(conn)
		then(conn)
	}
}

// readTag reads up to the end of a tag with a name.
func readTag(reader *bufio.Reader, name string) error {
	for {
		tag, err := reader.ReadString('>')
		if err != nil || strings.Contains(tag, name) {
			return err
		}
	}
}

// slow is a port behind which the server's first answer takes a while.
func slow(t *testing.T, server int, takes time.Duration) int {
	t.Helper()
	return serve(t, func(client net.Conn) {
		behind, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(server)))
		if err != nil {
			return
		}
		defer behind.Close()
		go func() {
			_, _ = io.Copy(behind, client)
			behind.Close()
		}()
		select {
		case <-time.After(takes):
			_, _ = io.Copy(client, behind)
		case <-t.Context().Done():
		}
	})
}

// oldTLS knows no version that is still safe.
func oldTLS(conn net.Conn) {
	_ = tls.Server(conn, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}).Handshake()
}
