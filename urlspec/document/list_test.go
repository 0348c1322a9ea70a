package document

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"xmppscope/urlspec"
)

func TestList(t *testing.T) {
	t.Parallel()
	const a, b = "xmpps://alice:pw@example.com/bob", "xmpps://carol:pw@example.net"
	for _, c := range []struct {
		name, content string
		want          []string
	}{
		{"urls", a + "\n" + b + "\n", []string{a, b}},
		{"urls", "\n" + a + "\r\n\r\n" + b, []string{a, b}},
		{"urls", "# " + a + "\n" + b, []string{b}},
		{"urls", "ops=" + a + "\n" + b, []string{a, b}},
		{"urls", "xmpp:alice@example.com\n" + a, []string{"xmpp:alice@example.com", a}},
		{"urls", "hello", []string{"hello"}},
		{"urls", "", nil},
		{".env", "X='" + a + "' # one\nY=1\n", []string{a}},
		{"a.yml", "x: \"" + a + "\"\ny: [" + b + "]\n", []string{a, b}},
		{"a.json", `{"x":"xmpps:\/\/alice:pw@example.com\/bob"}`, []string{a}},
		{"a.json", "{}", nil},
	} {
		got, err := List(c.name, []byte(c.content))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %q: wanted -, got +:\n%s", c.name, c.content, diff)
		}
	}
}

func TestExtract(t *testing.T) {
	t.Parallel()
	const url = "xmpps://alice:secret@example.com/bob"
	for _, c := range []struct{ text, url, left string }{
		{url, url, ""},
		{"  " + url + "\n", url, ""},
		{"\"" + url + "\"", url, ""},
		{`{"appriseURL":"xmpps:\/\/alice:secret@example.com\/bob","x":1}`, url, `{"appriseURL":•••••••• … ,"x":1}`},
		{`{"config":"{\"appriseURL\":\"xmpps:\\/\\/alice:secret@example.com\\/bob\"}"}`, url,
			`{"config":•••••••• … \"}"}`},
		{"export XMPP_URL='" + url + "'", url, "export XMPP_URL="},
		{"urls:\n  - " + url + ":\n      tag: ops", url, "urls:\n  - … :\n      tag: ops"},
		{"---\nx: 'xmpps://alice:it''s@example.com'", "xmpps://alice:it's@example.com", "---\nx:"},
	} {
		got, left, found := Extract(c.text)
		if got != c.url || left != c.left || !found {
			t.Errorf("Extract(%q) = %q, %q, %v; want %q, %q", c.text, got, left, found, c.url, c.left)
		}
	}
	for _, text := range []string{"", "hello", "alice@example.com"} {
		got, left, found := Extract(text)
		wantURL, wantLeft, wantFound := urlspec.Extract(text)
		if got != wantURL || left != wantLeft || found != wantFound {
			t.Errorf("Extract(%q) = %q, %q, %v", text, got, left, found)
		}
	}
}
