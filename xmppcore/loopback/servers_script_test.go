//go:build servers

package loopback

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSendxmpp has Debian's sendxmpp, which is written in Perl, write to a user
// and to a room. It logs in with PLAIN.
func TestSendxmpp(t *testing.T) {
	program := installed(t, "sendxmpp")
	s := start(t, Config{Rooms: []Room{{Name: "dev"}}})
	ca := authorityFile(t, s)
	run := func(body string, args ...string) {
		t.Helper()
		cmd := exec.CommandContext(deadline(t), program, append([]string{"-u", "alice", "-p", "alice-pw",
			"-o", "localhost", "-j", fmt.Sprintf("127.0.0.1:%d", s.STARTTLSPort()), "-t", "-a", ca}, args...)...)
		cmd.Env = []string{"HOME=" + t.TempDir(), "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH")}
		cmd.Stdin = strings.NewReader(body)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("sendxmpp %q: %v\n%s", args, err, out)
		}
	}
	for _, body := range []string{"hello", "Grüße & <b>\U0001f980</b>"} {
		run(body, "bob@localhost")
		arrived(t, s, "bob@localhost", body)
		run(body, "-c", "-r", "alice", "dev@conference.localhost")
		arrived(t, s, "dev@conference.localhost", body)
	}
}

// TestSlixmpp has Debian's slixmpp 1.8 write to a user and to a room, in the
// two ways that it can log in: with channel binding on TLS 1.2, and without on
// TLS 1.3. It knows tls-unique only, which TLS 1.3 has not, and takes a -PLUS
// mechanism there all the same if one is offered.
func TestSlixmpp(t *testing.T) {
	python := "/usr/bin/python3" // Debian's own, which sees Debian's packages
	if out, err := exec.Command(python, "-c", "import slixmpp").CombinedOutput(); err != nil {
		t.Fatalf("slixmpp is missing, install it with: apt-get install python3-slixmpp\n%s", out)
	}
	rooms := []Room{{Name: "dev"}}
	for _, c := range []struct {
		mechanism string
		config    Config
	}{
		{"SCRAM-SHA-256", Config{Rooms: rooms, Mechanisms: []string{"SCRAM-SHA-256"}}},
		{"SCRAM-SHA-256-PLUS", Config{Rooms: rooms, Mechanisms: []string{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"},
			Bindings: []string{bindingUnique}, MaxTLS: tls.VersionTLS12}},
	} {
		t.Run(c.mechanism, func(t *testing.T) {
			s := start(t, c.config)
			ca := authorityFile(t, s)
			const body = "Grüße & <b>\U0001f980</b>"
			for to, kind := range map[string]string{"bob@localhost": "chat", "dev@conference.localhost": "groupchat"} {
				cmd := exec.CommandContext(deadline(t), python, filepath.Join("testdata", "slixmpp-send.py"),
					"127.0.0.1", fmt.Sprint(s.STARTTLSPort()), ca, "alice@localhost", "alice-pw", to, kind, body)
				cmd.Env = []string{"HOME=" + t.TempDir(), "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH")}
				var errs bytes.Buffer
				cmd.Stderr = &errs
				out, err := cmd.Output()
				if err != nil {
					t.Fatalf("slixmpp to %s: %v\n%s", to, err, &errs)
				}
				if got := strings.TrimSpace(string(out)); got != c.mechanism {
					t.Errorf("logged in with %q, want %s\n%s", got, c.mechanism, &errs)
				}
				arrived(t, s, to, body)
			}
		})
	}
}

// authorityFile writes the server's authority for a client that reads files.
func authorityFile(t *testing.T, s *Server) string {
	t.Helper()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, s.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	return ca
}
