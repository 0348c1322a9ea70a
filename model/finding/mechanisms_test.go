package finding

import (
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/model/modeltest"
	"xmppscope/xmppcore/event"
)

// TestMeaningOfLists: a list of mechanisms that we know none of is told with what it
// means, and once what Apprise does, which is what its verdict says.
func TestMeaningOfLists(t *testing.T) {
	for list, test := range map[string]struct {
		holds, lacks string
		delivers     bool
	}{
		"ANONYMOUS":                          {"for guests", "reports success", false},
		"EXTERNAL":                           {"certificate of their own", "", false},
		"X-OAUTH2 OAUTHBEARER":               {"tokens", "", false},
		"SCRAM-SHA3-512 SCRAM-SHA3-512-PLUS": {"too new", "", false},
		"DIGEST-MD5":                         {"logs in with DIGEST-MD5", "sends nothing", true},
		"DIGEST-MD5 X-OAUTH2 EXTERNAL":       {"logs in with DIGEST-MD5", "sends nothing", true},
		"GSSAPI":                             {"Kerberos", "", false},
		"EXTERNAL ANONYMOUS":                 {"for guests", "delivers", false},
		"X-HOMEGROWN EXTERNAL":               {"The server offers", "certificate of their own", false},
	} {
		offered := strings.Fields(list)
		run := modeltest.Told(model.Send, "xmpps://alice:PW@example.test/bob", modeltest.NoLogin(
			modeltest.UpTo(event.StageFeatures, event.Features{Encrypted: true, Mechanisms: offered}),
			event.SASL{Offered: offered}, modeltest.Because(event.CauseNoCommonMechanism))...)
		found := Of(t.Context(), run)
		if len(found) != 1 || found[0].Code != "no-common-mechanism" {
			t.Fatalf("%s: %+v", list, found)
		}
		text := found[0].Explain
		if !strings.Contains(text, test.holds) || test.lacks != "" && strings.Contains(text, test.lacks) {
			t.Errorf("%s: %q", list, text)
		}
		if v := Apprise(run); !v.Known() || v.WouldDeliver != test.delivers {
			t.Errorf("%s: %+v", list, v)
		}
	}
}
