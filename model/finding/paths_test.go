package finding

import (
	"testing"

	"xmppscope/model/modeltest"
)

// TestPaths judges the recorded runs of the laboratory of names and paths. What is
// said of them is what was said there.
func TestPaths(t *testing.T) {
	for _, p := range modeltest.Paths() {
		t.Run(p.Name, func(t *testing.T) {
			run := p.Replay(t)
			found := Of(t.Context(), run)
			got := modeltest.Judged{Codes: codesOf(found), Exit: run.ExitCode(), Apprise: verdictOf(run)}
			if len(found) > 0 && found[0].Fix != nil {
				got.Fixed = found[0].Fix.Edited
			}
			for _, wrong := range p.Compare(got) {
				t.Error(wrong)
			}
			// What Apprise really did is what is forecast, where something is.
			real := map[string]string{"success": "success, delivered", "failure": "failure",
				"either": "either", "false success": "success"}[p.Apprise]
			if p.Apprise != "unknown" && p.Real != real {
				t.Errorf("the forecast is %s, and Apprise did: %s", p.Apprise, p.Real)
			}
		})
	}
}
