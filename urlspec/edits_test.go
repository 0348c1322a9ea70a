package urlspec

import "testing"

func TestEdits(t *testing.T) {
	const url = "xmpps://alice:secret@example.com/bob"
	for _, c := range []struct {
		text string
		edit func(Spec) Fix
		want string
	}{
		{url, func(s Spec) Fix { return s.SetParam("mode", "tls") }, url + "?mode=tls"},
		{url + "\n", func(s Spec) Fix { return s.SetParam("mode", "tls") }, url + "?mode=tls\n"},
		{url + "?", func(s Spec) Fix { return s.SetParam("mode", "tls") }, url + "?mode=tls"},
		{url + "?to=x", func(s Spec) Fix { return s.SetParam("mode", "tls") }, url + "?to=x&mode=tls"},
		{url + "?to=x&", func(s Spec) Fix { return s.SetParam("mode", "tls") }, url + "?to=x&mode=tls"},
		{url + "?mode=tls&MODE=none&to=x", func(s Spec) Fix { return s.SetParam("mode", "starttls") },
			url + "?mode=tls&MODE=starttls&to=x"},
		{url + "?mode&to=x", func(s Spec) Fix { return s.SetParam("mode", "tls") }, url + "?mode=tls&to=x"},
		{url, func(s Spec) Fix { return s.SetParam("to", "#a b&c@d") }, url + "?to=%23a%20b%26c@d"},
		{"hello", func(s Spec) Fix { return s.SetParam("mode", "tls") }, "hello"},
		{url + "?mode=tls", func(s Spec) Fix { return s.RemoveParam("mode") }, url},
		{url + "?mode=tls&to=x", func(s Spec) Fix { return s.RemoveParam("mode") }, url + "?to=x"},
		{url + "?to=x&mode=tls", func(s Spec) Fix { return s.RemoveParam("mode") }, url + "?to=x"},
		{url + "?mode=tls&to=x&mode=none", func(s Spec) Fix { return s.RemoveParam("mode") }, url + "?to=x"},
		{url + "?mode=tls&pass=x&mode=none", func(s Spec) Fix { return s.RemoveParam("mode") }, url + "?mode=tls&pass=x"},
		{url, func(s Spec) Fix { return s.RemoveParam("mode") }, url},
		{url, func(s Spec) Fix { return s.SetPort(5223) }, "xmpps://alice:secret@example.com:5223/bob"},
		{"xmpps://alice:secret@example.com:99/bob", func(s Spec) Fix { return s.SetPort(5223) },
			"xmpps://alice:secret@example.com:5223/bob"},
		{"xmpps://alice:secret@example.com:99/bob", func(s Spec) Fix { return s.SetPort(0) }, url},
		{"xmpps://alice:secret@2001:DB8::1/bob", func(s Spec) Fix { return s.SetPort(5223) },
			"xmpps://alice:secret@[2001:db8::1]:5223/bob"},
		{"xmpps://alice@[fe80::1%25eth0]/bob", func(s Spec) Fix { return s.SetPort(5223) },
			"xmpps://alice@[fe80::1%25eth0]/bob?port=5223"},
		{"xmpps://alice@[::ffff:192.0.2.1]?mode=tls", func(s Spec) Fix { return s.SetPort(5223) },
			"xmpps://alice@[::ffff:192.0.2.1]?mode=tls&port=5223"},
		{url + "?port=99", func(s Spec) Fix { return s.SetPort(5223) }, url + "?port=5223"},
		{url + "?port=99", func(s Spec) Fix { return s.SetPort(0) }, url},
		{url, func(s Spec) Fix { return s.SetHost("xmpp.example.net") }, "xmpps://alice:secret@xmpp.example.net/bob"},
		{"xmpps://", func(s Spec) Fix { return s.SetHost("example.com") }, "xmpps://example.com"},
		{url, func(s Spec) Fix { return s.SetHost("2001:DB8::1") }, "xmpps://alice:secret@[2001:db8::1]/bob"},
		{url, func(s Spec) Fix { return s.ReplaceTarget(0, "#ops@c.example") },
			"xmpps://alice:secret@example.com/%23ops@c.example"},
		{url, func(s Spec) Fix { return s.ReplaceTarget(0, "joe@c.example/50%") },
			"xmpps://alice:secret@example.com/joe@c.example%252F50%2525"},
		{url, func(s Spec) Fix { return s.ReplaceTarget(0, "") }, "xmpps://alice:secret@example.com"},
		{url, func(s Spec) Fix { return s.ReplaceTarget(1, "x") }, url},
		{url + "?to=a,c", func(s Spec) Fix { return s.ReplaceTarget(2, "d@e/f") }, url + "?to=a,d@e/f"},
		{url + "?to=a,c", func(s Spec) Fix { return s.ReplaceTarget(2, "") }, url + "?to=a"},
		{url + "?to=a,c", func(s Spec) Fix { return s.ReplaceTarget(0, "") }, url + "?to=c"},
		{"xmpps://alice:secret@example.com", func(s Spec) Fix { return s.ReplaceTarget(0, "joe") },
			"xmpps://alice:secret@example.com/joe"},
		{url, func(s Spec) Fix { return s.AddTarget("joe") }, url + "/joe"},
		{url + "/?mode=tls", func(s Spec) Fix { return s.AddTarget("joe") }, url + "/joe?mode=tls"},
	} {
		s := Parse(c.text)
		if got := c.edit(s).Apply(c.text); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.text, got, c.want)
		}
	}
}

func TestOrigins(t *testing.T) {
	for _, c := range []struct {
		text  string
		which func(Origins) Origin
		want  Source
		shown string // the text it stands in
	}{
		{"xmpps://alice:secret@example.com", func(o Origins) Origin { return o.Local }, FromPart, "alice"},
		{"xmpps://alice:secret@example.com", func(o Origins) Origin { return o.Domain }, FromHost, "example.com"},
		{"xmpps://a%40b.example:secret@example.com", func(o Origins) Origin { return o.Domain }, FromUser, "a%40b.example"},
		{"xmpps://alice:secret@example.com", func(o Origins) Origin { return o.Port }, FromMode, ""},
		{"xmpps://alice:secret@example.com:99", func(o Origins) Origin { return o.Port }, FromPart, "99"},
		{"xmpps://alice:secret@example.com:99?port=98", func(o Origins) Origin { return o.Port }, FromParam, "98"},
		{"xmpps://alice:secret@example.com:0", func(o Origins) Origin { return o.Port }, FromMode, ""},
		{"xmpps://alice:secret@example.com", func(o Origins) Origin { return o.Mode }, FromScheme, "xmpps"},
		{"xmpps://alice:secret@example.com?mode=tls", func(o Origins) Origin { return o.Mode }, FromParam, "tls"},
		{"xmpps://alice:secret@example.com?mode=none", func(o Origins) Origin { return o.Mode }, FromScheme, "xmpps"},
		{"xmpps://alice:secret@example.com?xmpp=x.example", func(o Origins) Origin { return o.TCPHost }, FromParam,
			"x.example"},
		{"xmpps://alice:secret@example.com", func(o Origins) Origin { return o.TCPHost }, FromHost, "example.com"},
		{"xmpps://alice:secret@example.com", func(o Origins) Origin { return o.Nick }, FromUser, "alice"},
		{"xmpps://alice:secret@example.com?name=bot", func(o Origins) Origin { return o.Nick }, FromParam, "bot"},
		{"xmpps://alice:secret@example.com?name=b-t", func(o Origins) Origin { return o.Nick }, FromUser, "alice"},
		{"xmpps://alice:secret@example.com?pass=x", func(o Origins) Origin { return o.Password }, FromParam, "x"},
		{"xmpps://secret@example.com?user=bob", func(o Origins) Origin { return o.Password }, FromPart, "secret"},
		{"xmpps://secret@example.com?user=bob", func(o Origins) Origin { return o.Local }, FromParam, "bob"},
		{"hello", func(o Origins) Origin { return o.Local }, FromDefault, ""},
	} {
		o := c.which(Parse(c.text).Origins)
		if o.Source != c.want || c.text[o.Start:o.End] != c.shown {
			t.Errorf("%q: %+v shows %q, want source %d and %q", c.text, o, c.text[o.Start:o.End], c.want, c.shown)
		}
	}
}

// TestSetPassword: the URL has the new password then, whatever it holds, wherever
// the old one stood.
func TestSetPassword(t *testing.T) {
	for _, url := range []string{"xmpps://alice:old@h.example/bob", "xmpps://alice@h.example/bob",
		"xmpps://alice:@h.example", "xmpps://alice@h.example?pass=old", "xmpps://alice:a:b@h.example",
		"xmpps://secret@h.example?user=alice"} {
		for _, password := range []string{"new", "p@ss:w0rd", "a/b#c?d%e&f=g+h i", "ü€", "%41"} {
			s := Parse(url)
			after := Parse(s.SetPassword(password).Apply(url)).Reading
			if after.Password != password || after.LoginJID != s.Reading.LoginJID || !after.Accepted {
				t.Errorf("%s with %q is read as %q of %s", url, password, after.Password, after.LoginJID)
			}
		}
	}
}
