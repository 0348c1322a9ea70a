package urlspec

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

// TestSecrets: the kinds of text in which a password once showed. "§" stands for
// the password.
func TestSecrets(t *testing.T) {
	for _, c := range []struct {
		text  string
		doubt bool // the host is in doubt
	}{
		{"xmpps://alice:P@§@example.com/bob", true},
		{"xmpps://alice:@#§@h", true},
		{"xmpps://alice:se@#§@h", true},
		{"xmpps://alice:se@/§@h", true},
		{"xmpps://se@#§@h", true},
		{"xmpps://se@/§@h", true},
		{"xmpps://alice/§@h/bob", true},
		{"xmpps://alice/home:§@h", true},
		{"xmpps://alice#x:§@h", true},
		{"xmpps://alice?x:§@h", true},
		{"xmpps://alice&§:h", true},
		{"xmpps://alice&§@h", true},
		{"xmpps://alice@§@h", true},
		{"xmpps://alice@example.net:PA#§@h", true},
		{"xmpps://alice@example.net:PA/§@h", true},
		{"xmpps://alice@example.net:PA?§@h", true},
		{"xmpps://example.com/alice:§@corp.example", true},
		{"xmpps://bob@example.com/alice:§@corp.example", false},
		{"xmpps://bob:pw@example.com?to=alice:§@corp.example", false},
		{"xmpps://alice:pw@h?password:§", false},
		{"xmpps://alice:pw@h?password:§&mode=tls", false},
		{"xmpps://alice:pw@h/bob;pass=a §", false},
		{"xmpps://alice:pw@h/bob#pass=§", false},
		{"xmpps://alice:pw@h/token=§/bob", false},
		{"xmpps://alice:pw@h?XMPP_SECRET=§", false},
		{"xmpps://§@h?jid=alice@h", false},
		{"xmpps://§@h?%6Aid=alice@h", false},
		{"xmpps://§@h?user=alice", false},
		{"xmpps://h?user=alice&pass=§", false},
		{"xmpps://al:pw1@h/b,xmpps://c:§@h/d", false},
		{"xmpps://al:pw1@h/b xmpps://c:§@h/d", false},
		{"xmpps://al:pw1@h/b;xmpps://c:§@h/d", false},
		{"xmpps://al:pw1@h/bxmpps://c:§@h/d", false},
		{"xmpps://al:pw1@h/b,json://c:§@h/d", false},
		{"json://al:§@h/b", false},
		{"xmpps%3A%2F%2Fa%3A§%40h", false},
		{"a%3A§@h", false},
		{"a%253A§%2540h", false},
		{"xmpps://a%3A§@h", true},
		{"xmpps://a：§@h", true},
		{"xmpps：//a:§@h", false},
		{"xmpps :// a:§@h", false},
		{"xmpps :// a:§ @h", false},
		{"xmpps:/alice:'§@h", false},
		{"xmpps:/alice:§@h/bob", false},
		{"xmpps:alice/§@h", false},
		{"alice:§@h", false},
		{"alice:§", false},
		{`{"url": "xmpps://a:§@h"}`, false},
		{"“xmpps://a:§@h”", false},
		{"XMPP_PASSWORD=§", false},
		{`"password": "§"`, false},
		{"xmpps://alice:§", false},
		{"xmpps://alice@example.net:§", false},
		{"xmpps://alice@example.net:a/§", false},
		{"xmpps://bob@corp.example:pa@ss/§@example.com/bob", true},
		{"xmpps://a:b@h;password=§", true},
		{"xmpps://a:b@h password=§", true},
		{"xmpps://a@h:5222password=§", false},
		{"xmpps://a:b@h/bob/pass%77ord=§", false},
		{"xmpps://a:b@h?pass%77ord:§", false},
		{"xmpps://a:b@h/c#d:§@x", false},
		{"xmpps://a:b@h?to=x;bob:§@c", false},
		{"xmpps://a:b@h?to=x&bob:§@c", false},
		{"xmpps://a:b@h?to=a:hun §@c", false},
		{"xmpps://a:b@h/#ops:hun/§@conf.h", false},
		{"xmpps://a:b@h/bob:hun?§@c", false},
		{"xmpps://a:b@h?user=u:§@hh", false},
		{"xmpps://a:b@h?xmpp=u:§@c", true},
		{"xmpps://a:b@h?name=u:§@c", false},
		{"xmpps://a:b@h?mode=u:§@c", false},
		{"xmpps://a:b@h?xmpp=password=§", true},
		{"xmpps://§@h/bob;jid=a@h", false},
		{"xmpps://§@h/jid=a@h", false},
		{"xmpps://§@h?jid:a@h", false},
		{"xmpps://hun?§@h?x=y&jid=a@h", true},
		{"xmpps://bob:a@§＠h", true},
		{"xmpps://bob/§＠h", true},
		{"(xmpps://\"bob\"?§@h", false},
		{"xmpps://alice:§@", false},
		{"xmpps://alice|§@h", true},
		{"xmpps://alice;§@h", true},
		{"xmpps://alice,§@example.com/bob", true},
		{"xmpps://alice%§@h", true},
		{"xmpps://alice%41§@h", true},
		{"xmpps://alice%3B§@h", true},
		{"xmpps://alice；§@h", true},
		{"xmpps://alice\t§@h", true},
		{"xmpps://alice §@h", true},
		{"xmpps://alice(§)@h", true},
		{"xmpps://alice|§", true},
		{"xmpps://alice@example.net|§", true},
		{"xmpps://alice@example.net：§", true},
		{"xmpps://alice@example.net|§:h", true},
		{"xmpps://alice%3A§:h", true},
		{"xmpps:/alice|§@h", false},
		{"alice|§@h", false},
		{"xmpps://x:y@h/b,xmpps://alice;§@h", false},
		{"xmpps://alice:a/§", false},
		{"xmpps://alice/§", false},
		{"xmpps://alice#x:§", false},
		{"xmpps://alice%2F§", true},
		{"xmpps://alice%2F§%4", true},
		{"xmpps://alice\t§", true},
		{"xmpps://alice'§@h", true},
		{"xmpps://alice%27§@h", true},
		{"xmpps://alice:pw@h/bob:§", false},
		{"xmpps://alice:pw@h/bob:hun?§", false},
		{"xmpps://alice:pw@h?to=carol,bob:§", false},
		{"xmpps://alice:p@!§", true},
		{"xmpps://alice:p@so+§", true},
		{"xmpps://alice：x:§@h", true},
		{"alice:p@@§:", false},
		{"login: alice:sec\"§@h", false},
		{"alice:@#§", false},
		{"alice@§@h", false},
		{"alice@example.net:§", false},
		{"json://alice:@#§", false},
		{"xmpps://x:y@h/b xmpps://alice/§", false},
		{"xmpps://alice:pw@[::1/§@h", true},
		{"xmpps://alice:§@[::1]/bob", false},
		{"xmpps://alice:a@§@müller.example/bob", true},
		{"xmpps://xmpps://alice:§@h/bob", true},
		{"xmpps://h?user=alice:§", false},
		{"xmpps://h?user=alice%3A§", false},
		{"xmpps://h?user=alice|§", false},
		{"xmpps://h?login=alice:§", false},
		{"xmpps://alice:pw@h?xmpp=alice:§", true},
		{"xmpps://alice:pw@h?xmpp=alice：§", true},
		{"xmpps://alice:pw@h?xmpp=alice:§:5222", true},
		{"xmpps://alice:pw@h/#room@muc.example:§", false},
		{"xmpps://alice:pw@h?to=bob,#room@muc.example:§,carol", false},
		{"xmpps://alice:pw@h/#room@muc.example%3A§/bob", false},
		{"xmpps://alice@h?pa\u200bss=§", false},
		{"xmpps://alice@h?pass\u00a0word=§", false},
		{"xmpps://§@h?\u200bjid=alice@h", false},
		{"xmpps://alice@h?pass=a&§=b", false},
		{"xmpps://alice@h?contraseña=§", false},
		{"xmpps://alice@h?p=§", false},
		{"xmpps://alice—§@h", true},
		{"xmpps://example.com:5222@alice:§/bob", false},
		{"xmpps: //:§@h", false},
		{"XMPP_PW=§ xmpps://alice@h/bob", false},
		{"Passwort: §", false},
		{"пароль=§", false},
		{"go-sendxmpp -u alice@h -p § bob@h", false},
		{"curl -u alice:§ https://h/", false},
		{"xmpps://alice@h/bob --password §", false},
		{"ENV XMPP_PASSWORD §", false},
		{"machine h\nlogin alice\npassword §", false},
		{"<password>§</password>", false},
		{"alice: §@h", false},
		{"alice@h: §", false},
		{"alice@h, §", false},
		{"alice:§ example.com", false},
		{"pass=a&§@h", false},
		{"tgram://§/chat xmpps://a:b@h", false},
		{"xmpps://a:b@h/c,discord://1234/§", false},
		{"slack://1234/§xmpps://a:b@h", false},
	} {
		const canary = "Zq7xKv2m"
		text := strings.ReplaceAll(c.text, "§", canary)
		hiddenFrom(t, text, canary[:4])
		if _, doubt := Parse(text).Doubt(); doubt != c.doubt {
			t.Errorf("%s: doubt %v", text, doubt)
		}
	}
}

// hiddenFrom fails when anything that may be shown of a text holds part.
func hiddenFrom(t *testing.T, text, part string) {
	t.Helper()
	s := Parse(text)
	shown := s.Veiled()
	reading, err := json.Marshal(shown.Reading)
	if err != nil {
		t.Fatal(err)
	}
	problems, err := json.Marshal(s.Problems)
	if err != nil {
		t.Fatal(err)
	}
	told := []string{s.Redacted(), string(reading), string(problems), shown.Reading.User, shown.Reading.Host}
	for _, x := range s.Settings() {
		told = append(told, x.Name, x.Value, x.Default, x.Note())
	}
	for _, p := range s.Problems {
		for _, f := range p.Fixes() {
			told = append(told, s.RedactedAfter(f))
		}
	}
	for _, said := range told {
		if strings.Contains(said, part) {
			t.Errorf("%s\n shows %s", text, said)
		}
	}
}

// TestOrdinaryUsers: what people have in their names parts no password from them.
func TestOrdinaryUsers(t *testing.T) {
	for _, user := range []string{"alice", "alice-home", "alice.smith", "a_b", "alice+x", "a=b", "alice~1",
		`alice\40work`, "8", "müller", "me%40example.net", "me%2Fhome", "me%40example.net%2Fhome"} {
		for _, end := range []string{"@h", "@example.com/bob", "@prosody/bob@example.com?mode=tls", "@[::1]", "@h?pass=x"} {
			s := Parse("xmpps://" + user + end)
			if _, doubt := s.Doubt(); doubt || !s.Reading.Accepted || len(s.Veiled().Reading.Masked()) > 0 {
				t.Errorf("%s is in doubt, or masks %q", s.Text, s.Veiled().Reading.Masked())
			}
		}
	}
}

// TestOrdinaryTexts: what looks like a password, and is none, is shown.
func TestOrdinaryTexts(t *testing.T) {
	for _, text := range []string{
		"xmpps://h/bob?user=me%40example.net/home&format=html", "xmpps://alice@h?xmpp=2001:db8::1",
		"xmpps://alice@h?xmpp=h:5222", "xmpps://alice@h?xmpp=h%3A5222/", "xmpps://alice@h?xmpp=h:xmpp-client",
		"xmpps://alice@h?xmpp=%5B::1%5D", "xmpps://alice@h?xmpp=%3A%3A1", "xmpps://alice@h?xmpp=[fe80::1%25eth0]:5222",
		"xmpps://alice@h/bob@corp.example:5222/carol@corp.example", "xmpps://alice@h/bob@[fe80::1%25eth0]/carol@h",
		"xmpps://alice@h/bob@2001:db8::1/carol@h", "xmpps://alice@h/password reset", "xmpps://alice@h?+key=val",
		"docker run -p 8080:80 -v /data:/config -e APPRISE=xmpps://alice@h/bob caronc/apprise:latest",
		"json://localhost:8080/path xmpps://alice@h/bob", "xmpp+tls://alice@h/bob", "12:30 backup",
	} {
		if shown := Redact(text); shown != text {
			t.Errorf("%q is shown as %q", text, shown)
		}
	}
}

// TestOrdinary: an ordinary URL has nothing to hide but its password. Of the
// recorded ones only those below have a masked value; each is one of the cases a
// to f.
func TestOrdinary(t *testing.T) {
	extraordinary := regexp.MustCompile(`^\s*(?i:xmpps?)://(?:` +
		`[^/?#]*@[^/?#]*@|` + // a: a second "@" in the authority
		`[^/?#@]*&[^/?#]*@|` + // c: "&" in the user part
		`[^/?#]*/[^?]*:[^/?]*@|[^?]*\?.*to=[^&]*:[^&]*@)`) // d: ":" and "@" in a target
	for _, row := range oracleRows(t) {
		s := Parse(row.URL)
		masked := s.Veiled().Reading.Masked()
		if len(masked) > 0 && !extraordinary.MatchString(row.URL) {
			t.Errorf("%q masks %q", row.URL, masked)
		}
		if _, doubt := s.Doubt(); doubt && s.Reading.Accepted && len(masked) == 0 {
			t.Errorf("%q is in doubt, and nothing of it is masked", row.URL)
		}
	}
}
