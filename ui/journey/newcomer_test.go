//go:build servers

package journey

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// newcomer is somebody who has read no manual: the only keys that they press
// are those that the screen names at that moment, with a word on what they do.
type newcomer struct{ *tmux }

// offer is a key that the screen names, and what it says the key does.
type offer struct{ key, does string }

var (
	// keyName is how the screen writes a key.
	keyName = regexp.MustCompile(`^(alt\+\S+|shift\+tab|\^[a-z_]|enter|esc|tab|space|f1|[a-zA-Z0-9?!/=\[\]↑↓])$`)
	// gap is what stands between two things on the screen.
	gap = regexp.MustCompile(` {2,}|[│╭╮╰╯─]+| · |\. |, |; `)
)

// dialogTitle is the upper border of a dialog. Those of panes have a number.
var dialogTitle = regexp.MustCompile(`╭ [A-Z][A-Za-z0-9 ]* ─`)

// dialog is the inside of the dialog on the screen, with its upper border;
// empty when there is none.
func dialog(screen string) string {
	var inside []string
	left, end := -1, ""
	for _, line := range strings.Split(screen, "\n") {
		switch at := dialogTitle.FindStringIndex(line); {
		case at != nil:
			left, end = utf8.RuneCountInString(line[:at[0]]), "╮"
		case left < 0 || left >= utf8.RuneCountInString(line):
			continue
		case []rune(line)[left] != '│':
			return strings.Join(inside, "\n")
		default:
			end = "│"
		}
		text, _, _ := strings.Cut(string([]rune(line)[left+1:]), end)
		inside = append(inside, text)
	}
	return strings.Join(inside, "\n")
}

// offers are the keys that the screen names. An open dialog takes them all.
func offers(screen string) []offer {
	if open := dialog(screen); open != "" {
		screen = open
	}
	var all []offer
	for _, line := range strings.Split(screen, "\n") {
		before := ""
		for _, part := range gap.Split(line, -1) {
			part = strings.TrimRight(strings.TrimLeft(part, " "), " ~^")
			key, does, found := strings.Cut(part, " ")
			if !found || !keyName.MatchString(key) {
				key, does = before, part // as in a table
			}
			if keyName.MatchString(key) && does != "" {
				all = append(all, offer{key, does})
			}
			before = part
		}
	}
	return all
}

// named is the key that the screen names for something, of which the beginning
// is enough. The lower end comes first: that is where keys are told.
func named(screen, does string) (string, bool) {
	for _, o := range slices.Backward(offers(screen)) {
		if strings.HasPrefix(o.does, does) {
			return o.key, true
		}
	}
	return "", false
}

// tmuxKey is tmux's name for a key.
func tmuxKey(key string) string {
	switch key {
	case "enter":
		return "Enter"
	case "esc":
		return "Escape"
	case "tab":
		return "Tab"
	case "space":
		return "Space"
	case "f1":
		return "F1"
	case "↓":
		return "Down"
	case "↑":
		return "Up"
	}
	if rest, found := strings.CutPrefix(key, "alt+"); found {
		return "M-" + rest
	}
	if rest, found := strings.CutPrefix(key, "^"); found {
		return "C-" + rest
	}
	return key
}

// choose presses the key that the screen names for something, and waits until
// the screen has answered and no run is going any more.
func (n newcomer) choose(does string) string {
	n.t.Helper()
	key := ""
	before, ok := n.wait(func(screen string) bool {
		var found bool
		key, found = named(screen, does)
		return found
	})
	if !ok {
		n.t.Fatalf("the screen names no key that does %q:\n%s", does, before)
	}
	n.press(tmuxKey(key))
	after, ok := n.wait(func(screen string) bool { return screen != before && !underWay(screen) })
	if !ok {
		n.t.Fatalf("%s, which the screen names for %q, brings nothing about:\n%s", key, does, after)
	}
	return after
}

// underWay says whether the screen tells of a run under way.
func underWay(screen string) bool { return strings.Contains(screen, "esc cancels") }

// works and sent are what a screen says when all is well, as far as it knows.
func works(screen string) bool {
	return strings.Contains(screen, "✓ It works") || strings.Contains(screen, "! It may not work") ||
		strings.Contains(screen, "! It works with certificate checks off")
}
func sent(screen string) bool {
	return strings.Contains(screen, "✓ Sent, ") || strings.Contains(screen, "! Sent with certificate checks off, ")
}

// diagnosis is the lower end of the screen: the sentence that says how things
// stand, and the keys that answer it.
func diagnosis(screen string) string {
	lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
	end := max(0, len(lines)-1)
	return strings.Join(lines[max(0, end-2):end], "\n")
}

// cure is the fix that the screen offers, if it does: a safe one before one that
// is not.
func cure(screen string) (offer, bool) {
	all := offers(diagnosis(screen))
	for _, keys := range [][]string{{"f", "alt+f"}, {"!", "alt+!"}} {
		if i := slices.IndexFunc(all, func(o offer) bool { return slices.Contains(keys, o.key) }); i >= 0 {
			return all[i], true
		}
	}
	return offer{}, false
}

// deliver goes on from a check that works until the message is out: the screen
// names the recipients, and then what became of the message.
func (n newcomer) deliver() string {
	n.t.Helper()
	if asks := n.choose("send"); strings.Contains(asks, "╭ Send ") {
		return n.choose("send")
	}
	return n.screen()
}

// retry takes the fix that the screen offers. No other key may claim to be
// the same one and do something else.
func (n newcomer) retry() string {
	n.t.Helper()
	screen := n.screen()
	fix, found := cure(screen)
	if !found {
		n.t.Fatalf("the screen offers no fix:\n%s", screen)
	}
	for _, o := range offers(screen) {
		if o.key == fix.key && o.does != "fix" && o.does != fix.does {
			n.t.Errorf("%s is said to do two things, %q and %q:\n%s", o.key, o.does, fix.does, screen)
		}
	}
	after := n.choose(fix.does)
	if strings.Contains(after, "╭ Unsafe ") {
		return n.choose("do it all the same")
	}
	return after
}

// find does something by its name in the list of all actions.
func (n newcomer) find(words string) string {
	n.t.Helper()
	if _, room := named(n.screen(), "actions"); room {
		n.choose("actions")
	} else { // the help has it too
		help := n.choose("help")
		key, found := named(help, "find any action")
		if !found {
			n.t.Fatalf("the help does not name the list of actions:\n%s", help)
		}
		n.choose("closes")
		n.press(tmuxKey(key))
	}
	n.see("╭ Actions ")
	n.write(words)
	n.see("> " + words)
	return n.choose("does it")
}

// clipboard is what the program gave the terminal to copy, by OSC 52.
func (n newcomer) clipboard() string {
	n.t.Helper()
	return strings.TrimSuffix(n.run("show-buffer"), "\n")
}

// message types a message.
func (n newcomer) message(text string) {
	n.t.Helper()
	n.see("▸7 Send")
	n.write(text)
	n.see("message  " + text)
}

// inAccount starts a server on which alice has a password and may be somebody
// else's nick, and gives what a program needs to trust it.
func inAccount(t *testing.T, password string) (*loopback.Server, []string) {
	t.Helper()
	server := loopbacktest.Start(t, loopback.Config{
		Accounts: accounts(password),
		Rooms:    []loopback.Room{{Name: "ops"}, {Name: "busy", Occupants: []string{"alice"}}},
	})
	return server, trusting(t, server)
}

// accounts are alice with a password, and bob, who is always there.
func accounts(password string) []loopback.Account {
	return []loopback.Account{{Name: "alice", Password: password}, {Name: "bob", Password: "bob-pw", Resident: true}}
}

// TestNewcomerPasswordWithAt: the host goes wrong, the screen shows where and
// what to write, and then the message arrives.
func TestNewcomerPasswordWithAt(t *testing.T) {
	t.Parallel()
	server, env := inAccount(t, "p@ss")
	n := newcomer{startTmux(t, env, fmt.Sprintf("xmpps://alice:p@ss@localhost:%d/bob", server.STARTTLSPort()))}
	n.see("belongs to the password", "alice@••••••••", "~ alice@localhost")
	screen := n.choose("write %40")
	n.see("alice@localhost", "bob@localhost")
	if strings.Contains(screen, "~ alice@localhost") {
		t.Errorf("the host is not right yet:\n%s", screen)
	}
	if screen := n.choose("check"); !works(screen) {
		t.Fatalf("the mended URL does not work:\n%s", screen)
	}
	// There is no message yet: the screen says so, and takes one.
	n.choose("send")
	n.see("▸7 Send", "nothing to send")
	n.message("Disk 91% full")
	if screen := n.deliver(); !sent(screen) {
		t.Fatalf("nothing was delivered:\n%s", screen)
	}
	if got := server.Received("bob@localhost"); len(got) != 1 || got[0].Body != "Disk 91% full" {
		t.Errorf("bob got %+v", got)
	}
	n.quit()
}

// TestNewcomerRoomWithoutService: the room is none, and the finding knows where
// rooms live; the user beside it gets the message too.
func TestNewcomerRoomWithoutService(t *testing.T) {
	t.Parallel()
	server, env := inAccount(t, "alice-pw")
	n := newcomer{startTmux(t, env, login(server.STARTTLSPort(), "bob/%23ops?rto=2"))}
	n.see("login JID")
	screen := n.choose("check")
	if !strings.Contains(screen, "✗muc") || !strings.Contains(screen, "✗ ops@localhost is no room") {
		t.Fatalf("the check does not find that the room is none:\n%s", screen)
	}
	if screen := n.retry(); !works(screen) || !strings.Contains(screen, "ops@conference.localhost") {
		t.Fatalf("the fix does not help:\n%s", screen)
	}
	n.choose("send")
	n.message("to both")
	if screen := n.deliver(); !strings.Contains(screen, "✓ Sent, 2 of 2") {
		t.Fatalf("nothing was delivered:\n%s", screen)
	}
	for _, jid := range []string{"bob@localhost", "ops@conference.localhost"} {
		if got := server.Received(jid); len(got) != 1 || got[0].Body != "to both" {
			t.Errorf("%s got %+v", jid, got)
		}
	}
	n.quit()
}

// TestNewcomerWrongMode: direct TLS to the port of STARTTLS and the reverse.
func TestNewcomerWrongMode(t *testing.T) {
	t.Parallel()
	server, env := inAccount(t, "alice-pw")
	for name, test := range map[string]struct{ url, title, fixed string }{
		"tls to starttls": {login(server.STARTTLSPort(), "bob?mode=tls"), "does not start with TLS", "mode=starttls"},
		"starttls to tls": {login(server.TLSPort(), "bob"), "wants TLS from the first byte", "mode=tls"},
	} {
		t.Run(name, func(t *testing.T) {
			n := newcomer{startTmux(t, env, test.url)}
			n.see("login JID")
			if screen := n.choose("check"); !strings.Contains(diagnosis(screen), test.title) {
				t.Fatalf("the screen does not say that the port %s:\n%s", test.title, screen)
			}
			if screen := n.retry(); !works(screen) || !strings.Contains(screen, test.fixed) {
				t.Fatalf("the fix does not help:\n%s", screen)
			}
			n.quit()
		})
	}
}

// TestNewcomerChannelBinding: the login fails, the fix logs in, the two runs
// are compared, and the mended URL is copied: first without its password, and
// with it when asked again.
func TestNewcomerChannelBinding(t *testing.T) {
	t.Parallel()
	const password = "canary-pw"
	server := loopbacktest.Start(t, loopback.Config{Accounts: accounts(password),
		Faults: loopback.Faults{OldEjabberd: true}})
	url := fmt.Sprintf("xmpps://alice:%s@localhost:%d/bob", password, server.STARTTLSPort())
	n := newcomer{startTmux(t, trusting(t, server), url)}
	n.run("set-option", "-s", "set-clipboard", "on")
	n.see("login JID")
	screen := n.choose("check")
	if !strings.Contains(screen, "✗sasl") || !strings.Contains(diagnosis(screen), "rejected the channel binding") {
		t.Fatalf("the check does not find the channel binding:\n%s", screen)
	}
	if screen := n.retry(); !works(screen) || !strings.Contains(screen, "scramplus=no") {
		t.Fatalf("the fix does not help:\n%s", screen)
	}

	n.find("compare")
	screen = n.see("Run 1 and run 2", "Δscramplus=", "failed at sasl")
	if !strings.Contains(screen, "Δsasl") {
		t.Errorf("the comparison does not show what became of the login:\n%s", screen)
	}
	n.choose("closes")

	n.find("copy the URL")
	n.see("copied the URL without its password", "Y again")
	if got := n.clipboard(); strings.Contains(got, password) || !strings.Contains(got, "scramplus=no") {
		t.Errorf("copied %q, want the mended URL without its password", got)
	}
	n.press("Y")
	n.see("copied the URL with its password")
	if got := n.clipboard(); got != url+"?scramplus=no" {
		t.Errorf("copied %q, want the mended URL", got)
	}
	if screen := n.screen(); strings.Contains(screen, password) {
		t.Errorf("the password is on the screen:\n%s", screen)
	}
	n.quit()
}

// TestNewcomerNickConflict finds out why a room lets nobody in, and whose fault
// that is.
func TestNewcomerNickConflict(t *testing.T) {
	t.Parallel()
	server, env := inAccount(t, "alice-pw")
	n := newcomer{startTmux(t, env, login(server.STARTTLSPort(), "%23busy@conference.localhost"))}
	n.see("room as alice")
	if screen := n.choose("check"); !strings.Contains(diagnosis(screen), `✗ The nick "alice" is already taken`) {
		t.Fatalf("the check does not find the conflict:\n%s", screen)
	}
	screen := n.choose("details")
	for _, want := range []string{
		"room-nick-conflict", "Somebody else in the room uses the nick", "could not join the", "name=",
	} {
		if !strings.Contains(screen, want) {
			t.Errorf("the details do not say %q:\n%s", want, screen)
		}
	}
	if screen := n.choose("make the fix"); !works(screen) || !strings.Contains(screen, "✓muc") {
		t.Errorf("another nick does not help:\n%s", screen)
	}
	n.quit()
}
