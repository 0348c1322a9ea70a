package ui

import (
	"strings"
	"testing"

	"xmppscope/xmppcore"
	"xmppscope/xmppcore/loopback"
)

// TestWorldsEndWell walks through every world of the demo as the screen says, key f
// after key f: in the end the message arrives, or the screen says that only the
// server's operator, another password or patience helps.
func TestWorldsEndWell(t *testing.T) {
	for _, world := range loopback.Worlds() {
		t.Run(world.Name, func(t *testing.T) {
			t.Parallel()
			server, err := loopback.Start(world.Config)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = server.Close() }()
			s := open(t, 120, 40, Options{URL: world.URL(server), Body: "hi", World: world.Summary,
				Run: xmppcore.Notify, Roots: server.Roots(), Lookup: server.Resolver()})
			s.press("ctrl+s", "enter")
			s.finish()
			for range 5 {
				d := s.diagnose()
				if s.run().OK() || d.fix == "" || d.finding == nil || d.finding.Fix == nil || d.finding.Fix.Later {
					break
				}
				s.press("f")
				s.finish()
				if len(s.dialogs) > 0 { // the recipients have changed
					s.press("enter")
					s.finish()
				}
			}
			d := s.diagnose()
			said := false
			for _, words := range []string{"operator", "another password", "only its operator", "moderator", "owner"} {
				said = said || strings.Contains(s.plain(), words) || strings.Contains(d.second, words)
			}
			later := d.finding != nil && d.finding.Fix != nil && d.finding.Fix.Later
			if !s.run().OK() && !said && !later {
				t.Errorf("it ends with no way on:\n%s", s.plain())
			}
		})
	}
}
