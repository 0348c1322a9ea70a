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
	var named []offer
	for _, line := range strings.Split(screen, "\n") {
		before := ""
		for _, part := range gap.Split(line, -1) {
			part = strings.TrimRight(strings.TrimLeft(part, " "), " ~^")
			key, does, found := strings.Cut(part, " ")
			if !found || !keyName.MatchString(key) {
				key, does = before, part // as in a table
			}
			if keyName.MatchString(key) && does != "" {
				named = append(named, offer{key, does})
			}
			before = part
		}
	}
	return named
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

// failed says whether the screen ends with a failure.
func failed(screen string) bool { return strings.HasPrefix(diagnosis(screen), "✗ ") }

// ended says whether the screen tells how a run ended.
func ended(screen string) bool { return works(screen) || sent(screen) || failed(screen) }

// diagnosis is the lower end of the screen: the sentence that says how things
// stand, and the keys that answer it.
func diagnosis(screen string) string {
	lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
	end := max(0, len(lines)-1)
	return strings.Join(lines[max(0, end-2):end], "\n")
}

// diagnosed says whether the lower end of a screen has a text.
func diagnosed(text string) func(screen string) bool {
	return func(screen string) bool { return strings.Contains(diagnosis(screen), text) }
}

// worksWith says whether all is well on a screen that has a text.
func worksWith(text string) func(screen string) bool {
	return func(screen string) bool { return works(screen) && strings.Contains(screen, text) }
}

// cure is the fix that the screen offers, if it does: a safe one before one that
// is not.
func cure(screen string) (offer, bool) {
	named := offers(diagnosis(screen))
	for _, keys := range [][]string{{"f", "alt+f"}, {"!", "alt+!"}} {
		if i := slices.IndexFunc(named, func(o offer) bool { return slices.Contains(keys, o.key) }); i >= 0 {
			return named[i], true
		}
	}
	return offer{}, false
}

// deliver goes on from a check that works until the message is out: the screen
// names the recipients, and then what became of the message.
func (n newcomer) deliver() {
	n.t.Helper()
	n.choose("send")
	asks := func(screen string) bool { return strings.Contains(screen, "╭ Send ") }
	told := func(screen string) bool { return sent(screen) || failed(screen) }
	screen := n.shows(func(screen string) bool { return asks(screen) || told(screen) }, "nothing is sent")
	if !asks(screen) {
		return
	}
	n.choose("send")
	n.shows(told, "nothing is sent")
}

// retry takes the fix that the screen offers. No other key may claim to be
// the same one and do something else.
func (n newcomer) retry() {
	n.t.Helper()
	screen := n.shows(func(screen string) bool { _, found := cure(screen); return found }, "the screen offers no fix")
	fix, _ := cure(screen)
	for _, o := range offers(screen) {
		if o.key == fix.key && o.does != "fix" && o.does != fix.does {
			n.t.Errorf("%s is said to do two things, %q and %q:\n%s", o.key, o.does, fix.does, screen)
		}
	}
	n.choose(fix.does)
	if strings.HasSuffix(fix.key, "!") {
		n.see("╭ Unsafe ")
		n.choose("do it all the same")
	}
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

// copies waits until what the program gave the terminal to copy, by OSC 52, is as
// wanted. It comes on a way of its own: the screen may say so before.
func (n newcomer) copies(wanted func(text string) bool, what string) {
	n.t.Helper()
	copied := func() string {
		if n.run("list-buffers") == "" {
			return ""
		}
		return strings.TrimSuffix(n.run("show-buffer"), "\n")
	}
	if text, ok := n.await(copied, wanted); !ok {
		n.t.Errorf("copied %q, want %s", text, what)
	}
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
	n.choose("write %40")
	n.shows(func(screen string) bool {
		return all("alice@localhost", "bob@localhost")(screen) && !strings.Contains(screen, "~ alice@localhost")
	}, "the host is not right yet")
	n.choose("check")
	n.shows(works, "the mended URL does not work")
	// There is no message yet: the screen says so, and takes one.
	n.choose("send")
	n.see("▸7 Send", "nothing to send")
	n.message("Disk 91% full")
	n.deliver()
	n.shows(sent, "nothing was delivered")
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
	n.choose("check")
	n.shows(all("✗muc", "✗ ops@localhost is no room"), "the check does not find that the room is none")
	n.retry()
	n.shows(worksWith("ops@conference.localhost"), "the fix does not help")
	n.choose("send")
	n.message("to both")
	n.deliver()
	n.shows(all("✓ Sent, 2 of 2"), "not both were delivered")
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
			n.choose("check")
			n.shows(diagnosed(test.title), "the screen does not say that the port "+test.title)
			n.retry()
			n.shows(worksWith(test.fixed), "the fix does not help")
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
	n.choose("check")
	n.see("✗sasl")
	n.shows(diagnosed("rejected the channel binding"), "the check does not find the channel binding")
	n.retry()
	n.shows(worksWith("scramplus=no"), "the fix does not help")

	n.find("compare")
	n.see("Run 1 and run 2", "Δscramplus=", "failed at sasl", "Δsasl")
	n.choose("closes")

	n.find("copy the URL")
	n.see("copied the URL without its password", "Y again")
	n.copies(func(text string) bool {
		return strings.Contains(text, "scramplus=no") && !strings.Contains(text, password)
	}, "the mended URL without its password")
	n.press("Y")
	n.see("copied the URL with its password")
	n.copies(func(text string) bool { return text == url+"?scramplus=no" }, "the mended URL")
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
	n.choose("check")
	n.shows(diagnosed(`✗ The nick "alice" is already taken`), "the check does not find the conflict")
	n.choose("details")
	n.see("room-nick-conflict", "Somebody else in the room uses the nick", "could not join the", "name=")
	n.choose("make the fix")
	n.shows(worksWith("✓muc"), "another nick does not help")
	n.quit()
}
