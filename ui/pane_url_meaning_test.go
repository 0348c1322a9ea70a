package ui

import (
	"strings"
	"testing"

	"xmppscope/urlspec"
)

// TestMeaning: at each place of the URL the part that would grow is explained,
// and nothing of a password is told.
func TestMeaning(t *testing.T) {
	for name, test := range map[string]struct{ url, want string }{ // the cursor is at the bar
		"the scheme":               {"xmp|ps://alice:pw@h.example", "scheme: xmpps is encrypted"},
		"the other scheme":         {"xmp|p://alice:pw@h.example", "scheme: xmpp is not encrypted"},
		"the user":                 {"xmpps://|alice:pw@h.example", "user: logs in as alice@h.example"},
		"the user's end":           {"xmpps://alice|:pw@h.example", "user: logs in as alice@h.example"},
		"the password":             {"xmpps://alice:p|w@h.example", "password: 2 characters"},
		"the host":                 {"xmpps://alice:pw@h|.example", "host: where to connect"},
		"the host, another server": {"xmpps://alice:pw@h|.example?xmpp=x", "host: the domain of bare names; xmpp="},
		"the port":                 {"xmpps://alice:pw@h.example:52|22", "port: STARTTLS is usually 5222"},
		"a user":                   {"xmpps://alice:pw@h.example/b|ob", "target: the user bob@h.example"},
		"a room": {"xmpps://alice:pw@h.example/%23o|ps@muc.example",
			"target: the room ops@muc.example, joined as alice"},
		"a dropped one":       {"xmpps://alice:pw@h.example/@|", "target: a user (bob, bob@example.org) or a room"},
		"a parameter's name":  {"xmpps://alice:pw@h.example?mo|de=tls", "mode: How the connection is secured"},
		"a parameter's value": {"xmpps://alice:pw@h.example?mode=t|ls", "mode: How the connection is secured"},
		"a password's name":   {"xmpps://alice@h.example?pa|ss=pw", "pass: Replaces the password"},
		"a password's value":  {"xmpps://alice@h.example?pass=p|w", "password: 2 characters"},
		"an unknown one":      {"xmpps://alice:pw@h.example?x=y|", "parameter: Apprise does not know it"},
		"one with a hidden name": {"xmpps://a:b@h.example?to=x://a:b&mode='tl|s",
			"parameter: its name may belong to a password"},
		"what is lost":               {"xmpps://alice:pw@h.example#o|ps", "lost: Apprise throws this part away"},
		"between two marks":          {"xmpps:|//alice:pw@h.example", ""},
		"an unsafe character in one": {"xmpps://alice:pw@h.example/b\u00ad|ob", `target: the user b\u00adob@h.example`},
	} {
		t.Run(name, func(t *testing.T) {
			before, after, _ := strings.Cut(test.url, "|")
			got := partMeaning(urlspec.Parse(before+after), len(before))
			if !strings.HasPrefix(got, test.want) || test.want == "" && got != "" {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
