//go:build servers

package journey

import (
	"context"
	"strings"
	"testing"

	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// TestTerminalUI goes the whole way as a person would: type a URL and see it
// put together, check it, write a message, send it to a user and a room, and
// read what happened.
func TestTerminalUI(t *testing.T) {
	t.Parallel()
	server := loopbacktest.Start(t, loopback.Config{Rooms: []loopback.Room{{Name: "ops", Subject: "on call"}}})
	x := startTmux(t, trusting(t, server))
	x.see("1 URL", "2 JIDs")

	// The table follows every key.
	x.press("C-u")
	x.write(login(server.STARTTLSPort(), "bo"))
	x.see("xmpps://alice:••••••••@localhost", "login JID", "alice@localhost", "bo@localhost")
	x.write("b/%23ops@conference.localhost")
	x.see("bob@localhost", "ops@conference.localhost", "room as alice")
	x.write("?name=pager")
	x.see("room as pager")

	// Enter checks, and sends nothing.
	x.press("Enter")
	x.see("✓dns", "✓tcp", "✓tls", "✓sasl", "✓bind", "✓muc", "It works")
	for _, jid := range []string{"bob@localhost", "ops@conference.localhost"} {
		if n := len(server.Received(jid)); n != 0 {
			t.Errorf("a check sent %d messages to %s", n, jid)
		}
	}

	// The message, and the recipients by name before it goes out.
	x.press("M-7")
	x.see("▸7 Send")
	x.write("Disk 91% full")
	x.see("Disk 91% full")
	x.press("C-s")
	x.see("ops@conference.localhost", "bob@localhost", "enter send")
	x.press("Enter")
	x.see("✓send", "✓ack", "reflected", "accepted", "✓ Sent, 2 of 2") // the run has ended: escape cancels nothing
	ctx, cancel := context.WithTimeout(t.Context(), screenWait)
	defer cancel()
	for _, jid := range []string{"bob@localhost", "ops@conference.localhost"} {
		m, err := server.WaitMessage(ctx, jid)
		if err != nil {
			t.Fatalf("no message for %s: %v", jid, err)
		}
		if m.Body != "Disk 91% full" {
			t.Errorf("%s got %q", jid, m.Body)
		}
	}

	// The events and the stream, without secrets.
	x.press("Escape")
	x.see("keys are commands now")
	x.press("5")
	x.see("▸5 Events", "2 of 2 ")
	x.press("6", "g")
	screen := x.see("▸6 XML", "version='1.0'")
	if strings.Contains(screen, "alice-pw") {
		t.Errorf("the password is on the screen:\n%s", screen)
	}

	// Ctrl-C ends it at once and gives the terminal back.
	screen = x.quit()
	if strings.Contains(screen, "╭") {
		t.Errorf("the screen was not given back:\n%s", screen)
	}
}

// TestTerminalDemo opens the demo as the README says, and interrupts it.
func TestTerminalDemo(t *testing.T) {
	t.Parallel()
	x := startTmux(t, cleanEnv(t), "demo")
	x.see("1 URL", "alice@")
	x.press("Enter")
	x.see("✓sasl", "It works")
	x.quit()
}
