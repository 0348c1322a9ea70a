package loopbacktest

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"xmppscope/urlspec/urltest"
	"xmppscope/xmppcore/loopback"
)

// Canary is the password that a server repeats.
const Canary = urltest.Canary

// Leaks reports whether four characters in a row of the [Canary] stand in a text,
// in any case: as they are, behind escapes, in full width, or in base64.
func Leaks(text string) bool {
	text = ids.ReplaceAllString(text, "")
	for range 4 {
		if leaks(text) {
			return true
		}
		text = escapes.ReplaceAllStringFunc(text, character)
	}
	return false
}

// leaks is Leaks without a look behind escapes.
func leaks(text string) bool {
	folded := strings.ToLower(norm.NFKC.String(text))
	for i := range len(Canary) - 3 {
		if strings.Contains(folded, strings.ToLower(Canary[i:i+4])) {
			return true
		}
	}
	for before := range 3 {
		encoded := base64.RawURLEncoding.EncodeToString([]byte("\x00\x00"[:before] + Canary))[before+1:]
		for i := range len(encoded) - 6 { // six hold four bytes and a half
			if strings.Contains(text, encoded[i:i+6]) {
				return true
			}
		}
	}
	return false
}

// ids are those of our stanzas, which hold anything by chance.
var ids = regexp.MustCompile(`\b[a-z2-7]{26}\b`)

// escapes are those that stand for one ASCII character.
var escapes = regexp.MustCompile(`%[0-9A-Fa-f]{2}|\\(u00|x)[0-9A-Fa-f]{2}|&#(x[0-9A-Fa-f]+|[0-9]+);|&amp;`)

// character is what an escape stands for.
func character(escape string) string {
	digits, base := strings.Trim(escape, `%\ux&#;`), 16
	switch {
	case escape == "&amp;":
		return "&"
	case strings.HasPrefix(escape, "&#") && escape[2] != 'x':
		base = 10
	}
	n, err := strconv.ParseUint(digits, base, 7)
	if err != nil {
		return escape
	}
	return string(rune(n))
}

// Spelling is a way in which a server may repeat a password.
type Spelling struct {
	Name string
	// Text is the password so, ready to stand in XML.
	Text string
}

// Spellings are the ways in which a server may repeat a password of letters and
// digits by accident.
func Spellings(password string) []Spelling {
	each := func(format string) string {
		var b strings.Builder
		for i := range len(password) {
			fmt.Fprintf(&b, format, password[i])
		}
		return b.String()
	}
	fullWidth := strings.Map(func(r rune) rune { return r + 0xFEE0 }, password)
	plain := "\x00alice\x00" + password
	list := []Spelling{
		{"as it is", password},
		{"in upper case", strings.ToUpper(password)},
		{"in lower case", strings.ToLower(password)},
		{"in a sentence", "the password " + password + " is wrong"},
		{"percent-encoded", each("%%%02X")},
		{"percent-encoded, lower hex", each("%%%02x")},
		{"percent-encoded twice", each("%%25%02X")},
		{"a JSON string", `{"password":"` + each(`\u%04x`) + `"}`},
		{"half of it escaped", fmt.Sprintf(`\u%04X%%%02x`, password[0], password[1]) + password[2:]},
		{"with bytes escaped", each(`\x%02x`)},
		{"as XML references", each("&#x%X;")},
		{"as XML references, decimal", each("&#%d;")},
		{"as XML inside XML", each("&amp;#x%x;")},
		{"in full width", fullWidth},
		{"with soft hyphens", strings.Join(strings.Split(password, ""), "\u00AD")},
		{"in CDATA", "<![CDATA[" + password + "]]>"},
		{"around an element", password[:6] + "<br xmlns='x'/>" + password[6:]},
		{"in two elements", "<b xmlns='x'>" + password[:6] + "</b><b xmlns='x'>" + password[6:] + "</b>"},
		{"behind 490 characters", strings.Repeat("no, ", 122) + "no" + password},
		{"behind 495 characters", strings.Repeat("no, ", 123) + "no," + password},
		{"cut after five", "the password was " + password[:5]},
		{"cut with dots", "the password was " + password[:7] + "…"},
		{"its end", password[5:] + " ends the password"},
		{"a piece of it", password[3:9]},
	}
	for _, payload := range []struct{ name, text string }{{"base64", password}, {"base64 of PLAIN", plain},
		{"base64 of user and password", "alice:" + password}} {
		list = append(list, Spelling{payload.name, base64.StdEncoding.EncodeToString([]byte(payload.text))},
			Spelling{payload.name + " for URLs", base64.RawURLEncoding.EncodeToString([]byte(payload.text))})
	}
	return list
}

// Place is where a server may write: the step at which it does so, and what.
type Place struct {
	Name   string
	Faults loopback.Faults
}

// Places are all the places where a server may write, each with a text in it,
// which is XML already. The server's domain is localhost and its room
// ops@conference.localhost; what is no attribute and no name may hold elements.
func Places(text string) []Place {
	const (
		stanzas  = " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
		streams  = " xmlns='urn:ietf:params:xml:ns:xmpp-streams'"
		sasl     = " xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
		room     = "ops@conference.localhost"
		refusal  = "<error type='auth'><not-authorized" + stanzas + "/><text" + stanzas + ">%</text></error>"
		joined   = "<x xmlns='http://jabber.org/protocol/muc#user'><item role='participant'/><status code='110'/></x>"
		question = "<query xmlns='jabber:iq:version'><name>%</name><version>%</version><os>%</os></query>"
		disco    = "<query xmlns='http://jabber.org/protocol/disco#info'><identity name='$'/><feature var='$'/></query>"
	)
	attribute := strings.NewReplacer("<![CDATA[", "", "]]>", "", "<br xmlns='x'/>", "", "<b xmlns='x'>", "", "</b>", "",
		"'", "").Replace(text)
	place := func(name string, step loopback.Step, reply string) Place {
		reply = strings.NewReplacer("%", text, "$", attribute).Replace(reply)
		return Place{name, loopback.Faults{Reply: map[loopback.Step]string{step: reply}}}
	}
	return []Place{
		place("SASL failure", loopback.StepAuth, "<failure"+sasl+"><not-authorized/><text>%</text></failure>"),
		place("stream error", loopback.StepAuth, "<stream:error><policy-violation"+streams+"/><text"+streams+
			">%</text></stream:error></stream:stream>"),
		place("other host", loopback.StepAuth, "<stream:error><see-other-host"+streams+
			">%</see-other-host></stream:error></stream:stream>"),
		place("features", loopback.StepFeatures, "<stream:features><mechanisms"+sasl+"><mechanism>%</mechanism>"+
			"<mechanism>SCRAM-SHA-1</mechanism></mechanisms><x xmlns='urn:$'>%</x></stream:features>"),
		place("unexpected element", loopback.StepBind, "<iq type='result' id='$'><x xmlns='x' a='$'>%</x></iq>"),
		place("resource", loopback.StepBind, "<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"+
			"<jid>alice@localhost/%</jid></bind></iq>"),
		place("bind error", loopback.StepBind, "<iq type='error' id='{id}'>"+refusal+"</iq>"),
		place("roster", loopback.StepRoster, "<iq type='result' id='{id}'><query xmlns='jabber:iq:roster'>"+
			"<item jid='$@localhost' name='$'><group>%</group></item></query></iq>"),
		place("roster error", loopback.StepRoster, "<iq type='error' id='{id}'>"+refusal+"</iq>"),
		place("nick and subject", loopback.StepJoin, "<presence from='"+room+"/$'>"+joined+"</presence>"+
			"<message type='groupchat' from='"+room+"/$'><subject>%</subject></message>"),
		place("room refused", loopback.StepJoin, "<presence type='error' from='"+room+"/alice' id='{id}'>"+refusal+
			"</presence>"),
		place("thrown out", loopback.StepJoin, "<presence type='unavailable' from='"+room+"/alice'>"+
			"<x xmlns='http://jabber.org/protocol/muc#user'><item role='none'><actor nick='$'/><reason>%</reason></item>"+
			"<status code='110'/><status code='307'/></x></presence>"),
		place("bounce", loopback.StepMessage, "<message type='error' from='bob@localhost' id='{id}'>"+refusal+"</message>"),
		place("message", loopback.StepMessage, "<message from='bob@localhost/$'><body>%</body><thread>%</thread></message>"),
		place("version and disco", loopback.StepMessage, "<iq type='result' id='$' from='localhost'>"+question+"</iq>"+
			"<iq type='result' id='x' from='localhost'>"+disco+"</iq><iq type='get' id='y' from='$'>"+question+"</iq>"),
		place("ping error", loopback.StepPing, "<iq type='error' id='{id}' from='localhost'>"+refusal+"</iq>"),
	}
}
