package urlspec

import (
	"reflect"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"xmpps://a:b@c.example", []string{"xmpps://a:b@c.example"}},
		{"  - xmpps://a:b@c.example/joe:\n      tag: ops\n", []string{"xmpps://a:b@c.example/joe"}},
		{"  - url: \"xmpps://a:b@c.example/jane joe\" # two\n", []string{"xmpps://a:b@c.example/jane joe"}},
		{"- 'APPRISE_URL=xmpps://a:b@c.example?mode=tls'", []string{"xmpps://a:b@c.example?mode=tls"}},
		{"APPRISE_URL=xmpps://a:b@c.example # note", []string{"xmpps://a:b@c.example"}},
		{"apprise -b \"it's on\" \"xmpps://a:p'w@c.example\" -t x", []string{"xmpps://a:p'w@c.example"}},
		{"it's at xmpp://a:b@c.example, and xmpps://d:e@f.example.",
			[]string{"xmpp://a:b@c.example", "xmpps://d:e@f.example."}},
		{"ops=xmpps://a:b@c.example,xmpp://d:e@f.example", []string{"xmpps://a:b@c.example", "xmpp://d:e@f.example"}},
		{"\"xmpps://a:b@c.example, json://localhost\"", []string{"xmpps://a:b@c.example"}},
		{"<XMPPS://a:b@c.example> (xmpp://a:b@[::1])", []string{"XMPPS://a:b@c.example", "xmpp://a:b@[::1]"}},
		{"https://example.com/xmpp://a:b@c.example", nil},
		{"slixmpp://x txmpps://y xmpp:a@b", nil},
		{"a: xmpps://one:b@c.example\r\nb: xmpps://two:b@c.example\r\n",
			[]string{"xmpps://one:b@c.example", "xmpps://two:b@c.example"}},
		{"\"open xmpps://a:b@c.example rest", []string{"xmpps://a:b@c.example"}},
	} {
		var got []string
		for _, m := range Find(c.text) {
			if c.text[m.Start:m.End] != m.URL {
				t.Errorf("%q: %+v is not at its offsets", c.text, m)
			}
			got = append(got, m.URL)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("Find(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestExtract(t *testing.T) {
	for _, c := range []struct {
		text, url, left string
		found           bool
	}{
		{"xmpps://a:b@c.example/joe", "xmpps://a:b@c.example/joe", "", true},
		{"  xmpps://a:b@c.example/joe,\n", "xmpps://a:b@c.example/joe,", "", true},
		{`"xmpps://a:b@c.example"`, "xmpps://a:b@c.example", "", true},
		{`apprise -b x "xmpps://a:b@c.example/joe"`, "xmpps://a:b@c.example/joe", "apprise -b x", true},
		{`apprise -b x 'xmpps://a:b@c.example' json://u:secret@localhost`, "xmpps://a:b@c.example",
			"apprise -b x … json://u:••••••••@localhost", true},
		{"XMPP_URL=xmpps://a:b@c.example", "xmpps://a:b@c.example", "XMPP_URL=", true},
		{"see xmpp:room@conference.example.com?join for help", "xmpp:room@conference.example.com?join", "see … for help",
			true},
		{"xmpps://secret @h?jid=alice@h", "xmpps://secret @h?jid=alice@h", "", true}, // more than the first word
		{"xmpp:alice@example.com", "xmpp:alice@example.com", "", true},
		{"alice@example.com", "alice@example.com", "", false},
		{"", "", "", false},
	} {
		url, left, found := Extract(c.text)
		if url != c.url || left != c.left || found != c.found {
			t.Errorf("Extract(%q) = %q, %q, %v; want %q, %q, %v", c.text, url, left, found, c.url, c.left, c.found)
		}
	}
}

func TestComplete(t *testing.T) {
	const url = "xmpps://alice:secret@example.com/bob"
	for _, c := range []struct {
		text string // "|" is the cursor
		want []string
	}{
		{"xm|", []string{"xmpps://", "xmpp://"}},
		{"xmpps:|", []string{"xmpps://"}},
		{url + "|", nil},
		{url + "?mo|", []string{url + "?mode="}},
		{url + "?MO|=tls", []string{url + "?mode=tls"}},
		{url + "?mode=|", []string{url + "?mode=starttls", url + "?mode=tls", url + "?mode=none"}},
		{url + "?mode=T|LX&to=joe", []string{url + "?mode=tls&to=joe"}},
		{url + "?mode=tls&verify=n|", []string{url + "?mode=tls&verify=no"}},
		{url + "?mode=tls&mo|", nil},
		{url + "?tz=europe/berl|", []string{url + "?tz=Europe/Berlin"}},
		{url + "?nonsense=|", nil},
	} {
		before, after, _ := strings.Cut(c.text, "|")
		text := before + after
		var got []string
		for _, o := range Complete(text, len(before)) {
			got = append(got, Fix{Start: o.Start, End: o.End, Text: o.Text}.Apply(text))
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("Complete(%q) gives %q, want %q", c.text, got, c.want)
		}
	}
	if n := len(Complete(url+"?", len(url)+1)); n < 10 {
		t.Errorf("only %d names after the question mark", n)
	}
	if Complete(url, -1) != nil || Complete(url, 1000) != nil {
		t.Error("a cursor outside the text completes something")
	}
}
