package ui

import (
	"testing"

	"xmppscope/xmppcore/event"
)

// A stage that is opened tells what it found out.
func TestStageDetails(t *testing.T) {
	for _, tt := range []struct {
		stage event.Stage
		want  []string
	}{
		{event.StageTLS, []string{"Stage tls", "JID domain", "yes, by example.test", "Who trusts it", "8 days left"}},
		{event.StageSASL, []string{"How the login is chosen", "SCRAM-SHA-1-PLUS", "not taken",
			"PLAIN: it shows the password to the server", "X-OAUTH2", "not-authorized"}},
	} {
		t.Run(string(tt.stage), func(t *testing.T) {
			s := open(t, 120, 60, Options{URL: goodURL, Run: explained(t).run})
			s.press("enter")
			s.finish()
			s.press("esc", "3", "g")
			s.stages.held = true
			for i, stage := range s.run().Stages {
				if stage.Name == tt.stage {
					s.stages.selected = i
				}
			}
			s.press("enter")
			s.mustShow(tt.want...)
			s.press("5")
			if e, ok := s.events.current(); s.focus != &s.events || !ok || e.Stage != tt.stage {
				t.Errorf("5 goes to %v of pane %d", e.Stage, s.focus)
			}
		})
	}
}
