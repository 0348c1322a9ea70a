package secret_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"unicode/utf8"

	"xmppscope/xmppcore/secret"
)

// TestIn: the forms in which a server repeats a secret.
func TestIn(t *testing.T) {
	for secrets, texts := range map[string][]string{
		"c4n:ry/π": {"c4n:ry/π", "Wrong password: c4n:ry/π!", "c4n:ry%2F%CF%80", "c4n%3Ary%2F%CF%80", "c4n%3ary%2f%cf%80",
			"?pw=c4n:ry%2f%cf%80", "c4n%253Ary%252F%25CF%2580", "C4N:RY/Π", `c4n:ry\/\u03C0`, "c4n&#x3a;ry/&#960;",
			"YzRuOnJ5L8+A", "YzRuOnJ5L8-A", "AGFsaWNlAGM0bjpyeS/PgA==", "YWxpY2U6YzRuOnJ5L8+A"},
		`p"w\x1&é`: {`p\"w\\x1&é`, `p\u0022w\u005cx1\u0026\u00e9`, "p&quot;w\\x1&amp;é", "p%22w%5Cx1%26%C3%A9",
			"p\"w\\x1&e\u0301", `P"W\X1&É`},
		"I\u00ADX5 \u2168":       {"ix5 ix", "IX5\u00A0IX", "IX5+IX", "IX5%20IX"}, // SASLprep (RFC 4013 3)
		"\U0001F600-smile":       {`\ud83d\ude00-smile`, `\U0001f600-smile`, "&#x1F600;-smile"},
		"pässw0rd":               {"lookup xn--pssw0rd-5wa: no such host", "PÄSSW0RD", "pa\u0308ssw0rd"},
		"straße 1":               {"STRASSE 1", "strasse%201"},
		"ab%41cd":                {"ab%41cd", "AB%41CD", "ab%2541cd"},
		"abcd":                   {"xabcdx", "YWJjZA", "AGFsaWNlAGFiY2Q="},
		"tab\there":              {"tab\there", `tab\there`, "tab here"},
		" blank-ends ":           {"blank-ends"},
		strings.Repeat("x1", 99): {strings.Repeat("x1", 99), strings.Repeat("x1", 40)},
	} {
		f := secret.NewFinder([]string{secrets}, nil)
		for _, text := range texts {
			if !f.In(text) || !f.Partly(text) {
				t.Errorf("%q is not found in %q", secrets, text)
			}
			if struck := f.Strike("it said "+text+".", "…"); f.In(struck) && !f.Word() {
				t.Errorf("%q is left in %q", secrets, struck)
			}
		}
		for _, text := range []string{"", "c4n:ry", "c4n:ry/p", "aab", "the server said no", "%", `\u00`, "&#x;", "&amp"} {
			if f.In(text) {
				t.Errorf("%q is found in %q", secrets, text)
			}
		}
	}
	for _, short := range []string{"", "abc", "π"} {
		if f := secret.NewFinder([]string{short}, nil); !f.Empty() || f.In("abc π") || f.Partly(short) {
			t.Errorf("%q is looked for", short)
		}
	}
}

// TestPartly: where a cut may have left a piece.
func TestPartly(t *testing.T) {
	const password = "Zq7xKv2mPw9L"
	long := strings.Repeat("no, ", 30)
	for _, test := range []struct {
		secret, text string
		want         bool
	}{
		{password, "the password was Zq7x", true},
		{password, "the password was Zq7", false},
		{password, "the password was ZQ7XKV2M", true},
		{password, `the password "Zq7xKv…"`, true},
		{password, "Zq7x Kv2m", false}, // neither end is a beginning
		{password, "password %5A%71%37%78%4", true},
		{password, `password \u005a\u0071\u0037\u0078\u00`, true},
		{password, "Pw9L was the password", true},
		{password, "…Pw9L was the password", true},
		{password, "w9L was the password", false},
		{password, "v2mP", true},
		{password, "xv2mPx", false},
		{password, "token " + base64.StdEncoding.EncodeToString([]byte("\x00alice\x00" + password))[:16], true},
		{"user1234", "no such user", false},
		{"user1234", "no such user1", true},
		{"user1234", long + "no such user", true},
		{"user1234", "no such user…", true},
		{"example.test1", "bob@example.test", false}, // it is shown anyway
		{"πρσςτ5", "the password was πρσς…", true},
		{"πρσςτ5", "the password was πρσ…", false},
	} {
		f := secret.NewFinder([]string{test.secret}, []string{"example.test"})
		if got := f.Partly(test.text); got != test.want {
			t.Errorf("a piece of %q in %q: %v, want %v", test.secret, test.text, got, test.want)
		}
	}
}

// TestStrike: what is left of a sentence.
func TestStrike(t *testing.T) {
	f := secret.NewFinder([]string{"ssw0rd", "word", "pässw0rd", "P@ss w0rd"}, nil)
	for _, test := range []struct{ text, want string }{
		{"looking up SSW0RD", "looking up …"},
		{"alice@ssw0rd/ssw0rd:5222", "alice@…/…:5222"},
		{"no word of a password", "no … of a password"},
		{"ssw0rdssw0rd", "…"},
		{"pa\u0308ssw0rd is not ssw0rd", "… is not …"},
		{"„ssw0rd“", "„…“"},
		{"basic YWxpY2U6c3N3MHJk, no", "basic …, no"},
		{"behind %73sw0rd", "…"},
		{"P%40ss+w0rd", "…"},
		{"nothing", "nothing"},
	} {
		if got := f.Strike(test.text, "…"); got != test.want {
			t.Errorf("%q becomes %q, want %q", test.text, got, test.want)
		}
	}
}

// TestShown: what is shown anyway excuses what stands in it, and only there.
func TestShown(t *testing.T) {
	f := secret.NewFinder([]string{"exam"}, []string{"example.test", "example", "alice"})
	for text, want := range map[string]bool{
		"bob@example.test": false, "an example": false, "exam": true, "example exam": true, "Example": true,
	} {
		if got := f.In(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	if got := f.Strike("the exam of example.test", "…"); got != "the … of example.test" {
		t.Errorf("%q", got)
	}
}

// FuzzFinder: a secret is found behind any text and under any escape, and what
// is struck out is gone.
func FuzzFinder(f *testing.F) {
	f.Add("Zq7xKv2mPw9L", "wrong: ", "!")
	f.Add("π\"\\%41&amp;", "%", `\u`)
	f.Add("aaaa", "aaa", "&#")
	f.Fuzz(func(t *testing.T, password, before, after string) {
		if !utf8.ValidString(password + before + after) {
			return
		}
		finder := secret.NewFinder([]string{password}, nil)
		for _, text := range []string{password, before + " " + password + " " + after} {
			if !finder.Empty() && !finder.In(text) {
				t.Errorf("%q is not found in %q", password, text)
			}
			if struck := finder.Strike(text, "•"); finder.In(struck) && !finder.Word() {
				t.Errorf("%q leaves %q", text, struck)
			}
		}
		finder.Partly(before)
	})
}
