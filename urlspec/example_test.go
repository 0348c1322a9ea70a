package urlspec_test

import (
	"encoding/json"
	"fmt"

	"xmppscope/urlspec"
)

func ExampleParse() {
	s := urlspec.Parse("xmpps://alice:secret@example.com/#ops@conference.example.com/bob?mode=tls")
	fmt.Println(s.Reading.LoginJID, s.Reading.TCPHost, s.Reading.Port, s.Reading.Mode)
	for _, t := range s.Reading.Targets {
		fmt.Println(t.Kind, t.JID)
	}
	// Output:
	// alice@example.com example.com 5223 tls
	// groupchat ops@conference.example.com
	// chat bob@example.com
}

// An unescaped “@” in the password moves the host without an error. The fix
// writes it as Apprise wants it.
func ExampleParse_problem() {
	s := urlspec.Parse("xmpps://alice:s@cret@example.com")
	p := s.Problems[0]
	fmt.Println(s.Reading.Accepted, s.Reading.Host)
	fmt.Println(p.Severity, p.Code, p.Start, p.End)
	fmt.Println(p.Fix.Apply(s.Text))
	// Output:
	// true cret
	// error password-at 15 16
	// xmpps://alice:s%40cret@example.com
}

func ExampleSpec_Redacted() {
	for _, typed := range []string{
		"xmpps://alice:sec",
		"xmpps://alice:sec/ret@example.com",
		"xmpps://alice@example.com?pass=secret",
	} {
		fmt.Println(urlspec.Parse(typed).Redacted())
	}
	// Output:
	// xmpps://alice:••••••••
	// xmpps://alice:••••••••@example.com
	// xmpps://alice@example.com?pass=••••••••
}

func ExampleSpec_SetParam() {
	s := urlspec.Parse("xmpps://alice:secret@example.com/bob?mode=tls")
	fix := s.SetParam("scramplus", "no")
	fmt.Println(fix.Label)
	fmt.Println(urlspec.Redact(fix.Apply(s.Text)))
	// Output:
	// scramplus=no
	// xmpps://alice:••••••••@example.com/bob?mode=tls&scramplus=no
}

func ExampleFixAll() {
	fixed, applied := urlspec.FixAll("xmpps://alice:sec/ret@example.com/bob?rooster=yes")
	for _, p := range applied {
		fmt.Println(p.Code)
	}
	fmt.Println(fixed)
	// Output:
	// password-delimiter
	// param-unknown
	// xmpps://alice:sec%2Fret@example.com/bob?roster=yes
}

func ExampleExtract() {
	url, left, _ := urlspec.Extract(`apprise -b test "xmpps://alice:secret@example.com/bob"`)
	fmt.Println(urlspec.Redact(url))
	fmt.Println("left out:", left)
	// Output:
	// xmpps://alice:••••••••@example.com/bob
	// left out: apprise -b test
}

func ExampleExplain() {
	info, _ := urlspec.Explain("trailing-question-mark")
	fmt.Println(info.Severity, info.Help)
	fmt.Println("wrong:", info.Wrong)
	fmt.Println("right:", info.Right)
	// Output:
	// error a “?” with nothing after it
	// wrong: xmpps://alice:secret@example.com/bob?
	// right: xmpps://alice:secret@example.com/bob
}

func ExampleReading_MarshalJSON() {
	out, _ := json.Marshal(urlspec.Parse("xmpps://example.com").Reading)
	fmt.Println(string(out))
	// Output:
	// {"accepted":false}
}
