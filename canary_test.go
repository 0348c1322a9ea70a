package main

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"xmppscope/model"
	"xmppscope/urlspec/urltest"
)

// TestCanary gives every text in which a person may have put a password to every
// command, in every place and with every kind of output. No output has a part of
// it, and no question to a name server.
func TestCanary(t *testing.T) {
	names := stubDNS(t)
	shapes := urltest.Shapes()
	t.Run("commands", func(t *testing.T) { tryShapes(t, shapes) })
	for _, name := range names() {
		if urltest.Leaks(name) {
			t.Errorf("a name server was asked for %s", name)
		}
	}
}

func tryShapes(t *testing.T, shapes []string) {
	t.Helper()
	for _, command := range [][]string{
		{"explain", "URL"}, {"explain", "--json", "--fix", "URL"}, {"explain", "--fix", "URL"},
		{"explain", "--json", "--as-one", "URL"}, {"--plain", "explain", "URL"}, {"--color", "always", "explain", "URL"},
		{"check", "-v", "URL"}, {"check", "--json", "URL"}, {"check", "--apply-fixes", "URL"}, {"--plain", "check", "URL"},
		{"send", "-b", "x", "--json", "URL"}, {"send", "-b", "x", "--dry-run", "--json", "URL"},
		{"send", "-b", "x", "--dry-run", "URL"}, {"matrix", "URL"}, {"matrix", "--json", "URL"}, {"cert", "URL"},
		{"cert", "--json", "URL"}, {"lint", "URL"}, {"URL"}, {"--plain", "URL"},
	} {
		t.Run(strings.Join(command, " "), func(t *testing.T) {
			t.Parallel()
			p := newProgram(t)
			for i, text := range shapes {
				if urltest.Raced && i%17 != 0 {
					continue // make test runs all of them without the race detector
				}
				args := make([]string, len(command))
				for k, arg := range command {
					args[k] = strings.Replace(arg, "URL", text, 1)
				}
				p.quiet(t, args, "")
			}
		})
	}
}

// TestCanaryMistakes puts such texts where something else is expected, and on
// standard input.
func TestCanaryMistakes(t *testing.T) {
	names := stubDNS(t)
	p := newProgram(t)
	for _, text := range urltest.Kinds() {
		for _, command := range [][]string{
			{"demo", "URL"}, {"demo", "--list", "URL"}, {"help", "URL"}, {"version", "URL"}, {"completion", "bash", "URL"},
			{"check", "--until", "URL"}, {"check", "URL", "URL"}, {"--color", "URL"}, {"--URL"}, {"-URL"}, {"check", "--URL"},
			{"check", "--url-file", "URL"}, {"check", "--password-file", "URL", "xmpps://alice@127.0.0.1:1"},
			{"explain", "--url-file", "URL"}, {"matrix", "--port", "URL", "xmpps://alice@127.0.0.1:1"},
			{"send", "--input-format", "URL", "-b", "x", "xmpps://alice:pw@127.0.0.1:1"}, {"lint", "--fix", "URL"},
			{"send", "-b", "URL", "--dry-run", "xmpps://alice:pw@127.0.0.1:1"},
			{"send", "-t", "URL", "-b", "URL", "--dry-run", "--json", "xmpps://alice:pw@127.0.0.1:1"},
		} {
			args := make([]string, len(command))
			for k, arg := range command {
				args[k] = strings.Replace(arg, "URL", text, 1)
			}
			if command[0] == "send" && (!strings.ContainsAny(text, "@＠=") && !strings.Contains(text, "%40") || strings.Contains(text, "=a ")) {
				continue // to people, it is a word and another one
			}
			p.quiet(t, args, "")
		}
		p.quiet(t, []string{"explain", "--json", "-"}, text+"\n"+text)
		p.quiet(t, []string{"check", "-"}, text+"\n"+text)
		p.quiet(t, []string{"lint", "-"}, text+"\n")
		p.quiet(t, []string{"lint", "--json", "--fix", "-"}, text+"\n")
	}
	for _, name := range names() {
		if urltest.Leaks(name) {
			t.Errorf("a name server was asked for %s", name)
		}
	}
}

// program runs main in this process.
type program struct{ in, out, err *os.File }

func newProgram(t *testing.T) *program {
	t.Helper()
	p := &program{}
	for name, file := range map[string]**os.File{"in": &p.in, "out": &p.out, "err": &p.err} {
		f, err := os.Create(filepath.Join(t.TempDir(), name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		*file = f
	}
	return p
}

// run gives what the program prints.
func (p *program) run(t *testing.T, args []string, input string) (string, model.ExitCode) {
	t.Helper()
	for _, f := range []*os.File{p.in, p.out, p.err} {
		if err := f.Truncate(0); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.in.WriteAt([]byte(input), 0); err != nil {
		t.Fatal(err)
	}
	none := func(string) string { return "" }
	code := run(newEnding(t.Context()), args, p.in, p.out, p.err, none, nil)
	var all strings.Builder
	for _, f := range []*os.File{p.out, p.err} {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, f); err != nil {
			t.Fatal(err)
		}
	}
	return all.String(), code
}

// quiet fails when the program says a part of the canary, or nothing at all.
func (p *program) quiet(t *testing.T, args []string, input string) {
	t.Helper()
	out, code := p.run(t, args, input)
	if urltest.Leaks(out) {
		t.Errorf("%q < %q, exit code %d, shows\n%s", args, input, code, out)
	}
	if strings.TrimSpace(out) == "" && code != model.ExitDone {
		t.Errorf("%q < %q ends with %d and says nothing", args, input, code)
	}
}

// stubDNS makes every look-up of this process end at a name server that knows no
// name, and gives the names that it was asked for.
func stubDNS(t *testing.T) (names func() []string) {
	t.Helper()
	s := &nameServer{}
	before := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go s.serve(server)
		return client, nil
	}}
	t.Cleanup(func() { net.DefaultResolver = before })
	return s.asked
}

type nameServer struct {
	mu    sync.Mutex
	names []string
}

func (s *nameServer) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.names
}

// serve answers as over TCP (RFC 1035 4.2.2): each message has its length before
// it.
func (s *nameServer) serve(c net.Conn) {
	defer c.Close()
	for {
		var size [2]byte
		if _, err := io.ReadFull(c, size[:]); err != nil {
			return
		}
		query := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(c, query); err != nil {
			return
		}
		var m dnsmessage.Message
		if err := m.Unpack(query); err != nil {
			return
		}
		s.mu.Lock()
		for _, q := range m.Questions {
			s.names = append(s.names, q.Name.String())
		}
		s.mu.Unlock()
		m.Response, m.RCode, m.Additionals = true, dnsmessage.RCodeNameError, nil
		answer, err := m.Pack()
		if err != nil {
			return
		}
		if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil {
			return
		}
	}
}
