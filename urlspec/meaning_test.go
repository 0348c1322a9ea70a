package urlspec

import (
	"slices"
	"testing"
)

// TestMeaning: one problem for one cause, with the fix that was probably meant
// first, and made without asking only where nothing else can be meant.
func TestMeaning(t *testing.T) {
	const url = "xmpps://alice:secret@example.com"
	for _, c := range []struct {
		text  string
		codes []string
		kind  FixKind
		fixes []string // the text after each fix of the first problem
	}{
		{url + "/bob#", []string{"fragment-lost"}, FixOffered, []string{url + "/bob"}},
		{"xmpps://alice:secret@h#", []string{"fragment-lost"}, FixOffered, []string{"xmpps://alice:secret@h"}},
		{url + "/bob # note", []string{"fragment-lost"}, FixOffered, []string{url + "/bob"}},
		{url + "/bob#room@conf", []string{"fragment-lost"}, FixOffered,
			[]string{url + "/bob/#room@conf", url + "/bob%23room@conf"}},
		{url + `/\#room@conf`, []string{"fragment-lost"}, FixOffered, []string{url + "/#room@conf"}},
		{url + "/##room@conf", []string{"fragment-lost"}, FixOffered, []string{url + "/#room@conf"}},
		{url + "?optional=", []string{"value-unrecognised"}, FixSafe, []string{url}},
		{url + "?optional=maybe", []string{"value-unrecognised"}, FixOffered,
			[]string{url + "?optional=yes", url + "?optional=no"}},
		{url + "?keepalive=60", []string{"value-unrecognised"}, FixOffered, []string{url}},
		{url + "?to=bob&to=jane", []string{"param-duplicate"}, FixOffered, []string{url + "?to=bob,jane"}},
		{url + "?to=bob;jane", []string{"param-unknown"}, FixOffered, []string{url + "?to=bob,jane"}},
		{url + "?to=bob&jane", []string{"param-unknown"}, FixOffered, []string{url + "?to=bob,jane"}},
		{url + "?mode=tls?to=jane", []string{"param-delimiter"}, FixOffered, []string{url + "?mode=tls&to=jane"}},
		{url + "?format=html?to=jane", []string{"param-delimiter"}, FixOffered, []string{url + "?format=html&to=jane"}},
		{url + "/bob&mode=tls", []string{"param-delimiter"}, FixOffered, []string{url + "/bob?mode=tls"}},
		{url + "/bob;mode=tls", []string{"param-delimiter"}, FixOffered, []string{url + "/bob?mode=tls"}},
		{url + "/bob&mode=tls?name=x", []string{"param-delimiter"}, FixOffered, []string{url + "/bob?mode=tls&name=x"}},
		{url + "?tz=UTC?to=jane", []string{"param-delimiter"}, FixOffered, []string{url + "?tz=UTC&to=jane"}},
		{url + "?retry=3?to=jane", []string{"param-delimiter"}, FixOffered, []string{url + "?retry=3&to=jane"}},
		{url + "?mode=tls, verify=no", []string{"param-delimiter"}, FixOffered, []string{url + "?mode=tls&verify=no"}},
		{url + "?to=jane?mode=tls", []string{"param-delimiter"}, FixOffered, []string{url + "?to=jane&mode=tls"}},
		{url + "?verify=no?to=jane", []string{"verify-off", "param-delimiter"}, FixOffered, []string{url + "?verify=yes"}},
		{url + "??mode=tls?to=jane", []string{"param-unknown"}, FixNone, nil}, // a fix would make Apprise refuse it
		{url + "?port=5223\u200b", []string{"control-character"}, FixOffered, []string{url + "?port=5223"}},
		{url + "?pass=a\u200bb", []string{"control-character"}, FixOffered, []string{url + "?pass=ab"}},
		{url + "?pa\u200bss=x", []string{"control-character"}, FixOffered, []string{url + "?pass=x"}},
		{url + "?\u200bxmpp=other.example", []string{"control-character"}, FixOffered, []string{url + "?xmpp=other.example"}},
		{url + "?ver\u200bify=no", []string{"control-character"}, FixOffered, []string{url + "?verify=no"}},
		{url + "?ros\u200bter=yes", []string{"control-character"}, FixSafe, []string{url + "?roster=yes"}},
		{url + "?to=bob;jane;joe", []string{"param-unknown", "param-unknown"}, FixOffered,
			[]string{url + "?to=bob,jane;joe"}},
		{url + "?mode=yes", []string{"mode-invalid"}, FixOffered, []string{url + "?mode=starttls", url + "?mode=tls"}},
		{url + "?mode=starttls/tls", []string{"mode-invalid"}, FixOffered, []string{url + "?mode=starttls"}},
		{url + "?to=bob@h/name=x", nil, FixNone, nil},
		{url + "?mode:tls", []string{"param-unknown"}, FixOffered, []string{url + "?mode=tls"}},
		{url + "?roster=yes&amp;name=x", []string{"param-unknown"}, FixOffered, []string{url + "?roster=yes&name=x"}},
		{url + "/bob,mode=tls", []string{"param-delimiter"}, FixOffered, []string{url + "/bob?mode=tls"}},
		{url + "/bob mode=tls", []string{"param-delimiter"}, FixOffered, []string{url + "/bob?mode=tls"}},
		{url + "/bob%3Fmode=tls", []string{"param-delimiter"}, FixOffered, []string{url + "/bob?mode=tls"}},
		{url + "/bob#mode=tls", []string{"fragment-lost"}, FixOffered, []string{url + "/bob?mode=tls"}},
		{url + ",mode=tls", []string{"host-invalid"}, FixOffered, []string{url + "?mode=tls"}},
		{url + "/bob##", []string{"fragment-lost"}, FixOffered, []string{url + "/bob"}},
		{url + "/#", []string{"room-mark"}, FixOffered, []string{url}},
		{url + "?to=##room@conf", []string{"room-mark"}, FixOffered, []string{url + "?to=%23room@conf"}},
		{url + `?to=\#room@conf`, []string{"room-mark"}, FixOffered, []string{url + "?to=%23room@conf"}},
		{url + "/＃room@conf", []string{"room-mark"}, FixOffered, []string{url + "/%23room@conf"}},
		{url + "/# room@conf", []string{"target-split"}, FixOffered, []string{url + "/%23room@conf"}},
		{url + "/%23%23ops%25irc.example@irc.example.com", nil, FixNone, nil},
		{url + "/to=bob", []string{"param-delimiter"}, FixOffered, []string{url + "?to=bob"}},
		{"xmpps://" + url, []string{"scheme-twice"}, FixSafe, []string{url}},
		{"xmpp://" + url, []string{"scheme-twice"}, FixSafe, []string{url}},
		{"xmpps://alice:secret@example。com", []string{"host-unicode"}, FixSafe, []string{url}},
		{"xmpps://alice:secret@example｡com/bob", []string{"host-unicode"}, FixSafe, []string{url + "/bob"}},
		{url + "?jid=alice@h/x", []string{"param-unknown"}, FixNone, nil},
		{url + "/xmpp:bob@h", []string{"target-illegal-jid"}, FixOffered, []string{url + "/bob@h"}},
		{url + `/"bob"`, []string{"target-illegal-jid"}, FixOffered, []string{url + "/bob"}},
		{url + "/bob@[::1]", []string{"target-split"}, FixNone, nil},
		{"xmpps://alice/secret@example.com", []string{"password-separator"}, FixOffered, []string{url}},
		{"xmpps://alice%3Asecret@example.com", []string{"password-separator"}, FixOffered, []string{url}},
		{"xmpps://alice：secret@example.com", []string{"password-separator"}, FixOffered, []string{url}},
		{"xmpps://example.com?user=alice:secret", []string{"password-separator"}, FixOffered,
			[]string{"xmpps://example.com?user=alice&password=secret"}},
		{url + "/bob@corp.example:5222/carol@corp.example", []string{"target-illegal-jid"}, FixOffered,
			[]string{url + "/bob@corp.example/carol@corp.example"}},
		{"xmpps://alice&secret@example.com", []string{"password-separator"}, FixOffered, []string{url}},
		{"xmpps://alice@secret@example.com", []string{"password-separator"}, FixOffered, []string{url}},
		{"xmpps://alice@example.net@example.com", []string{"password-missing", "user-at"}, FixNone, nil},
		{"xmpps://alice@example.net:secret@example.com", []string{"user-at"}, FixSafe,
			[]string{"xmpps://alice%40example.net:secret@example.com"}},
		{"xmpps://alice:se@#cret@example.com", []string{"password-at", "password-delimiter"}, FixSafe,
			[]string{"xmpps://alice:se%40#cret@example.com"}},
		{"xmpps://alert:s3cr#et@host/admin@host?x", []string{"password-delimiter", "param-unknown"}, FixOffered,
			[]string{"xmpps://alert:s3cr%23et@host/admin@host?x"}},
		{url + "/bob@corp.example/phone", []string{"resource-as-target"}, FixOffered,
			[]string{url + "/bob@corp.example%252Fphone"}},
		{url + "/bob@corp.example/Bobs-iPhone", []string{"targets-reordered", "resource-as-target"}, FixNone, nil},
		{url + "?to=bob@[::1]", []string{"target-split"}, FixNone, nil},
		{url + "/bob@corp.example:5222", []string{"target-illegal-jid"}, FixOffered, []string{url + "/bob@corp.example"}},
		{url + "?to=bob@h/my phone", []string{"target-split"}, FixNone, nil},
		{url + "/ops@muc.example.com", []string{"room-unmarked"}, FixOffered, []string{url + "/#ops@muc.example.com"}},
		{url + "?to=ops@rooms.example.com", []string{"room-unmarked"}, FixOffered,
			[]string{url + "?to=#ops@rooms.example.com"}},
		{url + "/ops?name=pager", []string{"room-unmarked"}, FixOffered, []string{url + "/#ops?name=pager"}},
		{url + ":5269", []string{"port-service"}, FixOffered, []string{url}},
		{url + ":443/bob", []string{"port-service"}, FixOffered, []string{url + "/bob"}},
		{url + ":443/bob?mode=tls", nil, FixNone, nil},
		{url + "?port=5280", []string{"port-service"}, FixOffered, []string{url}},
		{url + "?keepalive=yes", []string{"keepalive-breaks-apprise"}, FixOffered, []string{url}},
		{url + "?rto=10", []string{"param-no-effect"}, FixNone, nil},
		{url + "?rto=abc", []string{"value-unrecognised"}, FixSafe, []string{url}},
		{url + "?verify=maybe", []string{"verify-unrecognised"}, FixSafe, []string{url + "?verify=yes"}},
		{url + "?verfy=no", []string{"param-unknown"}, FixOffered, []string{url + "?verify=no"}},
		{url + ":5223", []string{"port-mode"}, FixOffered, []string{url + ":5223?mode=tls"}},
		{url + "/bob/bob@example.com", []string{"target-duplicate"}, FixOffered, []string{url + "/bob"}},
		{url + "?passwrod=x", []string{"param-unknown"}, FixOffered, []string{url + "?password=x"}},
		{url + "?mode=tls&mdoe=starttls", []string{"param-unknown"}, FixOffered, []string{url + "?mode=tls&mode=starttls"}},
		{url + "?optional=no&optoinal=yes", []string{"param-unknown"}, FixOffered,
			[]string{url + "?optional=no&optional=yes"}},
		{url + "?xmp=other.example", []string{"param-unknown"}, FixOffered, []string{url + "?xmpp=other.example"}},
		{url + "?keepaliv=yes", []string{"param-unknown"}, FixNone, nil},
		{url + "?rooster=yes", []string{"param-unknown"}, FixSafe, []string{url + "?roster=yes"}},
		{url + "?mode=n", []string{"mode-overruled"}, FixSafe, []string{url}},
		{url + "?cto=inf", []string{"value-clamped"}, FixOffered, []string{url}},
		{url + ";mode=tls", []string{"host-invalid"}, FixSafe, []string{url + "?mode=tls"}},
		{`xmpps:\\alice:secret@example.com`, []string{"scheme-missing"}, FixOffered, []string{url}},
		{"xmpps://alice::secret@example.com", []string{"password-colon"}, FixOffered,
			[]string{"xmpps://alice:%3Asecret@example.com"}},
		{"xmpps://alice:secret:@example.com", []string{"password-colon"}, FixOffered,
			[]string{"xmpps://alice:secret%3A@example.com"}},
		{"xmpps://alice:secret@@example.com", []string{"password-at"}, FixOffered,
			[]string{"xmpps://alice:secret%40@example.com"}},
		{"xmpps://alice:s@cret@example.com", []string{"password-at"}, FixSafe,
			[]string{"xmpps://alice:s%40cret@example.com"}},
		{"xmpps://alice:pw@example.com@5222/bob", []string{"password-at"}, FixOffered,
			[]string{"xmpps://alice:pw%40example.com@5222/bob"}},
		{"xmpps://alice:pw@example.com@-bad/bob", []string{"password-at", "host-invalid"}, FixOffered,
			[]string{"xmpps://alice:pw%40example.com@-bad/bob"}},
		{url + "/bob@corp.example/carol", nil, FixNone, nil},
		{"xmpps://alice:secret@prosody/bob@example.com", nil, FixNone, nil},
		{"xmpps://alice:secret@[::1]:5222/bob?cto=10", []string{"xmpp-brackets"}, FixOffered,
			[]string{"xmpps://alice:secret@[::1]:5222/bob?cto=10&xmpp=::1"}},
	} {
		problems := Parse(c.text).Problems
		var codes, fixes []string
		kind := FixNone
		for i, p := range problems {
			codes = append(codes, p.Code)
			for _, f := range p.Fixes() {
				if i == 0 {
					fixes, kind = append(fixes, f.Apply(c.text)), p.Fix.Kind
				}
			}
		}
		if !slices.Equal(codes, c.codes) || kind != c.kind || !slices.Equal(fixes, c.fixes) {
			t.Errorf("%s\n raises %q, %s %q\n want   %q, %s %q", c.text, codes, kind, fixes, c.codes, c.kind, c.fixes)
		}
	}
}
