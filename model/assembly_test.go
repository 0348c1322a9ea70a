package model_test

import (
	"fmt"
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/urlspec"
)

// draw writes a table one row a line, children indented.
func draw(rows []model.Row) string {
	var b strings.Builder
	for _, r := range rows {
		indent := ""
		if r.Child {
			indent = "  "
		}
		fmt.Fprintf(&b, "%s%s|%s|%s|%s\n", indent, r.Label, r.Value, r.Note, r.From)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func TestAssemblyNamesTheSourceOfEveryValue(t *testing.T) {
	for _, c := range []struct{ url, want string }{
		{"xmpps://alice:pw@corp.example/%23ops/bob?mode=tls&name=pager", `
login JID|alice@corp.example||user + host
  local|alice||user
  domain|corp.example||host
  resource|(server assigns)||not in URL
stream to|corp.example||domain of login JID
TCP host|corp.example:5223|direct TLS|host; port from mode=
  mode|tls||mode=
TLS name|corp.example||stream to; certificate must name it
target 1|ops@corp.example|room as pager|# name + host, no room service
  nick|pager||name=
target 2|bob@corp.example|user|name + host`},
		{"xmpp://me%40example.net%2Fcron:pw@example.com:5333?xmpp=127.0.0.1&to=joe@example.org", `
login JID|me@example.net/cron||user part, which has its own domain
  local|me||user
  domain|example.net||user
  resource|cron||user
stream to|example.net||domain of login JID
TCP host|127.0.0.1:5333|no TLS|xmpp=; port in URL
  mode|none||scheme
target 1|joe@example.org|user|whole JID in URL, in to=`},
		{"xmpps://alice:pw@corp.example?verify=maybe", `
login JID|alice@corp.example||user + host
  local|alice||user
  domain|corp.example||host
  resource|(server assigns)||not in URL
stream to|corp.example||domain of login JID
TCP host|corp.example:5222|STARTTLS|host; default port
  mode|starttls||scheme
TLS name|corp.example||stream to; Apprise would not check; we do
target 1|alice@corp.example|user|no target: the login JID itself`},
		{"xmpp://x:pw@corp.example/joe?user=me%40example.net&port=5333", `
login JID|me@example.net||user=, which has its own domain
  local|me||user=
  domain|example.net||user=
  resource|(server assigns)||not in URL
stream to|example.net||domain of login JID
TCP host|corp.example:5333|no TLS|host; port=
  mode|none||scheme
target 1|joe@corp.example|user|name + host`},
		{"xmpps://x:pw@corp.example/joe?user=alice", `
login JID|alice@corp.example||user= + host
  local|alice||user=
  domain|corp.example||host
  resource|(server assigns)||not in URL
stream to|corp.example||domain of login JID
TCP host|corp.example:5222|STARTTLS|host; default port
  mode|starttls||scheme
TLS name|corp.example||stream to; certificate must name it
target 1|joe@corp.example|user|name + host`},
		{"xmpps://alice", ""},
		{"not a URL", ""},
	} {
		if got := draw(model.Assembly(urlspec.Parse(c.url))); got != strings.TrimPrefix(c.want, "\n") {
			t.Errorf("%s:\n%s\nwant:%s", c.url, got, c.want)
		}
	}
}

func TestAssemblyRowsPointIntoTheText(t *testing.T) {
	text := "xmpps://alice:pw@corp.example:5333/bob?xmpp=10.0.0.1"
	want := map[string]string{"login": "alice", "to": "corp.example", "host": "10.0.0.1", "target:1": "bob"}
	for _, r := range model.Assembly(urlspec.Parse(text)) {
		if part, asked := want[r.Key]; asked && text[r.Start:r.End] != part {
			t.Errorf("row %s points at %q, want %q", r.Key, text[r.Start:r.End], part)
		}
	}
}

func TestChangedComparesByRow(t *testing.T) {
	before := model.Assembly(urlspec.Parse("xmpps://alice:pw@corp.example/bob"))
	after := model.Assembly(urlspec.Parse("xmpps://alice:pw@corp.example/bob/joe?mode=tls"))
	got := model.Changed(before, after)
	for _, key := range []string{"host", "mode", "target:2"} {
		if !got[key] {
			t.Errorf("row %s changed and is not marked", key)
		}
	}
	if len(got) != 3 {
		t.Errorf("marked %v, want host, mode and target:2 only", got)
	}
}
