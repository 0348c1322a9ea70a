//go:build servers

package loopback

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/creack/pty"
)

// TestGoSendxmpp has Debian's go-sendxmpp 0.5 write to a user and to a room. It
// logs in with PLAIN.
func TestGoSendxmpp(t *testing.T) {
	program := installed(t, "go-sendxmpp")
	s := start(t, Config{Rooms: []Room{{Name: "dev"}}})
	home := t.TempDir()
	ca := filepath.Join(home, "ca.pem")
	if err := os.WriteFile(ca, s.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(body string, args ...string) {
		t.Helper()
		args = append([]string{"-u", "alice@localhost", "-p", "alice-pw"}, args...)
		cmd := exec.CommandContext(deadline(t), program, args...)
		cmd.Env = []string{"HOME=" + home, "SSL_CERT_FILE=" + ca, "PATH=" + os.Getenv("PATH")}
		cmd.Stdin = strings.NewReader(body)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go-sendxmpp %q: %v\n%s", args, err, out)
		}
	}
	for _, body := range []string{"hello", "Grüße & <b>\U0001f980</b>"} {
		run(body, "-j", fmt.Sprintf("127.0.0.1:%d", s.STARTTLSPort()), "bob@localhost")
		arrived(t, s, "bob@localhost", body)
		run(body, "-t", "-j", fmt.Sprintf("127.0.0.1:%d", s.TLSPort()), "bob@localhost")
		arrived(t, s, "bob@localhost", body)
		run(body, "-c", "-j", fmt.Sprintf("127.0.0.1:%d", s.STARTTLSPort()), "dev@conference.localhost")
		arrived(t, s, "dev@conference.localhost", body)
	}
}

// TestProfanity has Debian's profanity 0.13 log in, write to a user, join a
// room and write there, in a terminal of its own.
func TestProfanity(t *testing.T) {
	program := installed(t, "profanity")
	const topic = "topic-of-the-room"
	s := start(t, Config{Rooms: []Room{{Name: "dev", Subject: topic}}})
	home := t.TempDir()
	accounts := filepath.Join(home, ".local", "share", "profanity", "accounts")
	if err := os.MkdirAll(filepath.Dir(accounts), 0o700); err != nil {
		t.Fatal(err)
	}
	account := fmt.Sprintf("[alice]\nenabled=true\njid=alice@localhost\nserver=127.0.0.1\nport=%d\npassword=alice-pw\n"+
		"resource=profanity\ntls.policy=trust\nmuc.service=conference.localhost\nmuc.nick=alice\n", s.STARTTLSPort())
	if err := os.WriteFile(accounts, []byte(account), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx := deadline(t)
	cmd := exec.CommandContext(ctx, program, "-a", "alice")
	cmd.Env = []string{"HOME=" + home, "TERM=xterm", "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH")}
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 120})
	if err != nil {
		t.Fatal(err)
	}
	screen := &screen{changed: make(chan struct{})}
	var reading sync.WaitGroup
	reading.Go(func() { _, _ = io.Copy(screen, terminal) })
	defer func() {
		_ = cmd.Wait()
		_ = terminal.Close()
		reading.Wait()
	}()
	enter := func(line string) {
		t.Helper()
		if _, err := io.WriteString(terminal, line+"\r"); err != nil {
			t.Error(err)
		}
	}
	defer enter("/quit")

	online := func() bool { return len(s.hub.accounts["alice"].recipients(jid{})) > 0 }
	if err := s.hub.wait(ctx, "alice to be online", online); err != nil {
		t.Fatal(err)
	}
	enter("/msg bob@localhost Grüße & <b>")
	arrived(t, s, "bob@localhost", "Grüße & <b>")
	enter("/join dev@conference.localhost")
	if err := s.WaitOccupant(ctx, "dev", "alice"); err != nil {
		t.Fatal(err)
	}
	// What is typed goes to the window in front: wait until it is the room's.
	if err := screen.wait(ctx.Done(), topic); err != nil {
		t.Fatal(err)
	}
	enter("hello room")
	arrived(t, s, "dev@conference.localhost", "hello room")
}

// screen is all that a program wrote to its terminal.
type screen struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.changed)
	s.changed = make(chan struct{})
	return s.text.Write(p)
}

// wait returns when the text was written.
func (s *screen) wait(done <-chan struct{}, text string) error {
	for {
		s.mu.Lock()
		seen, changed := strings.Contains(s.text.String(), text), s.changed
		s.mu.Unlock()
		if seen {
			return nil
		}
		select {
		case <-changed:
		case <-done:
			return fmt.Errorf("%q did not appear on the screen", text)
		}
	}
}

// installed is the path of a program that the test needs.
func installed(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%s is missing, install it with: apt-get install %s", program, program)
	}
	return path
}

// arrived waits for a message and compares its body byte for byte.
func arrived(t *testing.T, s *Server, jid, body string) {
	t.Helper()
	m, err := s.WaitMessage(deadline(t), jid)
	if err != nil {
		t.Fatal(err)
	}
	if m.Body != body {
		t.Errorf("%s got %q, want %q", jid, m.Body, body)
	}
}
