//go:build servers

package journey

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"xmppscope/xmppcore/loopback"
)

// attempts is how often a newcomer follows what the screen says before giving
// up: a check, a send, and the same again after a fix.
const attempts = 5

// TestNewcomerWorlds opens every world of the demo and does what the screen
// says, and nothing else: until the message is delivered, where an edit of the
// URL can bring that about, else until the screen says what the server's
// operator must do.
func TestNewcomerWorlds(t *testing.T) {
	t.Parallel()
	for _, world := range loopback.Worlds() {
		t.Run(world.Name, func(t *testing.T) {
			if !world.Config.StandardPorts { // there is one pair of those
				t.Parallel()
			}
			walk(t, world, 80, 24)
		})
	}
}

// TestNewcomerSizes goes through a login, a room and a hopeless case on a small
// and a large screen.
func TestNewcomerSizes(t *testing.T) {
	t.Parallel()
	sizes := map[string][2]int{"60x20": {60, 20}, "120x40": {120, 40}}
	for _, world := range loopback.Worlds() {
		switch world.Name {
		case "old-ejabberd", "room-without-service", "members-only":
			for name, size := range sizes {
				t.Run(world.Name+" "+name, func(t *testing.T) {
					t.Parallel()
					walk(t, world, size[0], size[1])
				})
			}
		}
	}
}

// walk is one newcomer's way through one world.
func walk(t *testing.T, world loopback.World, w, h int) {
	n := openWorld(t, world, w, h)
	n.choose("check")
	screen, found := "", ""
	for range attempts {
		screen = n.shows(ended, "a newcomer does not know what to do now")
		switch {
		case sent(screen):
		case works(screen):
			n.deliver()
			continue
		case found == "":
			found = n.finding(strings.TrimPrefix(diagnosis(screen), "✗ "))
			if found != world.Finding {
				t.Fatalf("the screen finds %s, want %s:\n%s", found, world.Finding, n.screen())
			}
			if world.Fixed == nil {
				n.operator()
			}
			screen = n.choose("clos")
			if world.Fixed != nil {
				n.retry()
				continue
			}
		default:
			t.Fatalf("a newcomer does not know what to do now:\n%s", screen)
		}
		break
	}
	if delivered := sent(screen); delivered != (world.Fixed != nil || world.Finding == "") {
		t.Errorf("delivered: %v, which this world should not end with:\n%s", delivered, screen)
	}
	if found != world.Finding && !world.Works { // where it works, the finding is advice beside it
		t.Errorf("found %q on the way, want %q", found, world.Finding)
	}
	n.quit()
}

// openWorld starts the demo. A world on standard ports is opened anew while
// somebody else has those.
func openWorld(t *testing.T, world loopback.World, w, h int) newcomer {
	t.Helper()
	env := cleanEnv(t)
	again := time.NewTicker(500 * time.Millisecond)
	defer again.Stop()
	late := time.After(screenWait)
	summary, _, _ := strings.Cut(world.Summary, " ")
	for {
		n := newcomer{startTmuxAt(t, w, h, env, "demo", world.Name)}
		screen := n.see("1 URL", "· "+summary)
		if !world.Config.StandardPorts || strings.Contains(screen, "@localhost/") {
			return n
		}
		n.quit()
		n.end()
		select {
		case <-again.C:
		case <-late:
			t.Fatalf("5222 and 5223 are taken by somebody else:\n%s", screen)
		}
	}
}

// code is a finding's code in its details.
var code = regexp.MustCompile(`(?m)^ code +([a-z0-9-]+) `)

// advice is what the details say to the server's operator.
var advice = regexp.MustCompile(`(?m)^ operator +\S+ \S+`)

// finding opens the details, and gives the code of the finding. They are about the
// title at the lower end of the screen, of which title is the beginning.
func (n newcomer) finding(title string) string {
	n.t.Helper()
	n.choose("details")
	title, _, _ = strings.Cut(title, "\n")
	title = strings.TrimSpace(title)
	screen := n.shows(func(screen string) bool {
		_, details, _ := strings.Cut(dialog(screen), "\n")
		found := code.FindStringIndex(details)
		return found != nil && strings.HasPrefix(strings.Join(strings.Fields(details[:found[0]]), " "), "✗ "+title)
	}, fmt.Sprintf("the details name no finding, or another one than %q", title))
	return code.FindStringSubmatch(dialog(screen))[1]
}

// operator reads on in the details until they say what the server's operator
// has to do.
func (n newcomer) operator() {
	n.t.Helper()
	advised := func(screen string) bool { return advice.MatchString(dialog(screen)) }
	more := func(screen string) bool { _, more := named(screen, "more"); return more }
	const wrong = "the details do not say what the operator has to do"
	for !advised(n.shows(func(screen string) bool { return advised(screen) || more(screen) }, wrong)) {
		n.choose("more")
	}
}
