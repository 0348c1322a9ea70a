//go:build servers

package servertest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// The addresses of a server with Options.Policies. What a server does not have,
// Debian has no module for.
const (
	// Guarded has the same users, who take nothing from strangers: Prosody drops
	// it without a word, ejabberd sends it back (mod_block_strangers of both).
	Guarded = "guarded.example.test"
	// Sealed has the same users, whose messages must be encrypted end to end.
	// Prosody 0.12: mod_require_otr.
	Sealed = "sealed.example.test"
	// Hall is a second room service, with a name that does not say so, where users
	// may create no rooms. On ejabberd it does not serve carol of Domain.
	Hall = "hall.example.test"
	// BotDomain is the component of [Server.Bot], on every server.
	BotDomain = "bot.example.test"
)

// With Options.Policies the room slow takes a message and no other soon after:
// Prosody's at RoomService (mod_firewall), ejabberd's at Hall, which keeps the second
// for an hour (min_message_interval).
//
// On ejabberd, the room captcha wants a task done before it lets anybody in but its
// owner alice, the room full takes one occupant, and the server keeps one message for
// carol while she is away. On Prosody, the room moved was destroyed and names another,
// and carol of Domain takes messages from her contacts only (mod_firewall). Prosody 13
// limits nicks and messages too (mod_muc_limits).

// Bot connects a component that answers messages; testdata/servers/bot.py says
// how. It runs on Debian's slixmpp and ends with the test.
func (s *Server) Bot(t testing.TB) {
	t.Helper()
	// Debian's own Python, since Debian's slixmpp is where only that looks.
	cmd := exec.Command("/usr/bin/python3", filepath.Join(templates(t), "bot.py"), BotDomain, "bot-pw",
		strconv.Itoa(s.Components))
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	p, err := begin(t, "the bot", cmd)
	if err == nil {
		err = p.await(t.Context(), t)
	}
	if err != nil {
		t.Fatal("servertest: ", err)
	}
}
