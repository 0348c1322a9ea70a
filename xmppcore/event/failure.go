package event

import (
	"fmt"
	"strings"
)

// Failure is why a stage or an item failed. It is an error.
type Failure struct {
	Stage Stage `json:"-"`
	Cause Cause `json:"cause"`
	// Condition is the defined condition of the stream, SASL or stanza error.
	Condition string `json:"condition,omitempty"`
	// Type is the stanza error type (auth, cancel, continue, modify, wait).
	Type string `json:"type,omitempty"`
	// Text is the server's own text, made safe for a terminal.
	Text string `json:"text,omitempty"`
	// By is the JID of the entity that made a stanza error (RFC 6120 8.3.1).
	By string `json:"by,omitempty"`
	// Detail is ours or the operating system's: "dial tcp …: connection refused".
	// It is for reading, never for deciding.
	Detail string `json:"detail,omitempty"`
	// Quoted is what Detail quotes of the other side, such as the name of an
	// element, as it stands there.
	Quoted string `json:"-"`
	// Waiting says what did not come: always for CauseTimeout, and for
	// CauseClosed where something was expected.
	Waiting Wait `json:"waiting,omitempty"`
	// Waited is how long, in seconds. For CauseClosed it is there when the other side
	// said nothing at all before it hung up.
	Waited float64 `json:"waited_s,omitempty"`
	// Unprompted is true for CauseClosed where the other side hangs up on a client that
	// says nothing too, so that it is not what we said.
	Unprompted bool `json:"unprompted,omitempty"`
	// Host is where the server sends us, for the condition see-other-host.
	Host string `json:"see_other_host,omitempty"`
	// Protocol is what the other side speaks, for CauseNotXMPP: "TLS", "SSH",
	// "HTTP" and so on.
	Protocol string `json:"protocol,omitempty"`
	// Alert is the TLS alert with which the server ended the handshake.
	Alert Alert `json:"tls_alert,omitempty"`
	// Lacking is what the server wants in the handshake and we do not have, nil where
	// that is not known.
	Lacking *Lacking `json:"lacking,omitempty"`
	// Certificate is whose certificate is at fault, where it is not the server's own: an
	// issuer's that is outside its dates, or was not sent although others were.
	Certificate string `json:"certificate,omitempty"`
	// Proxy is what is wrong with the SOCKS proxy, for CauseProxy; empty where its reply
	// does not tell.
	Proxy ProxyFault `json:"proxy,omitempty"`
	// Injected is true when bytes stood between the server's consent to TLS and
	// the handshake, where there can be none (RFC 6120 5.4.3.3).
	Injected bool `json:"injected,omitempty"`
	// Size and Limit are bytes: of a stanza of ours that was not sent, and of
	// the largest one that the server takes. Both are 0 for other failures.
	Size  int `json:"size,omitempty"`
	Limit int `json:"limit,omitempty"`
	// Own is true when that limit is ours and says nothing of the server.
	Own bool `json:"own_limit,omitempty"`
	// Removed is true when a room let us in and then threw us out (XEP-0045
	// 15.6.2), or was destroyed: CauseRoom without a condition.
	Removed bool `json:"removed,omitempty"`
	// Unsure is true for a message of which it is not known whether it came back:
	// an error came that does not say which message it is about.
	Unsure bool `json:"unsure,omitempty"`
	// Moved is the address that took the place of one that is gone.
	Moved string `json:"moved_to,omitempty"`
	// Restricted is true for XML that is well-formed, and that XMPP forbids (RFC
	// 6120 11.1): a comment, a processing instruction.
	Restricted bool `json:"restricted_xml,omitempty"`
	// Passing marks the failure of a room that is likely to be back soon.
	Passing bool `json:"-"`
}

// Alert is a TLS alert by its name in RFC 8446 section 6, for those that tell
// more than that the handshake failed.
type Alert string

// The alerts that are told apart.
const (
	AlertName     Alert = "unrecognized_name"       // no certificate for the name that we asked for
	AlertProtocol Alert = "no_application_protocol" // the port does not know ALPN xmpp-client
	AlertNothing  Alert = "handshake_failure"       // no algorithms in common
)

// Lacking is what keeps Go's TLS from a server, by the name that OpenSSL gives it.
type Lacking struct {
	Kind Lack   `json:"kind"`
	Name string `json:"name,omitempty"`
}

// Lack is a kind of what we lack.
type Lack string

// The kinds.
const (
	LackCipher Lack = "cipher"
	LackCurve  Lack = "curve"
	LackKey    Lack = "key" // of the server's certificate
	// LackForm is a certificate that Go cannot read; the name is Go's reason.
	LackForm Lack = "form"
	// LackAll is a server that ended the handshake whatever it was offered.
	LackAll Lack = "all"
)

// lacks begins the sentence about a kind, which the name ends.
var lacks = map[Lack]string{
	LackCipher: "the server wants a cipher that we do not have, ",
	LackCurve:  "the server wants a key exchange that we do not have, ",
	LackKey:    "the server's certificate has a kind of key that we do not know, ",
	LackAll:    "the server ends the handshake whatever algorithms it is offered",
}

// ProxyFault is what is wrong with a SOCKS proxy.
type ProxyFault string

// The faults. A target that refuses the proxy is none.
const (
	ProxyDead     ProxyFault = "dead"      // nothing answers at its address
	ProxyPassword ProxyFault = "password"  // it refused our login, or wants one
	ProxyRule     ProxyFault = "rule"      // it does not allow the connection
	ProxyName     ProxyFault = "name"      // it does not know the name, or has no way there
	ProxyNotSOCKS ProxyFault = "not-socks" // it speaks something else
	ProxyURL      ProxyFault = "url"       // its URL names none that we can use
	ProxyTarget   ProxyFault = "target"    // it waits for the target, which says nothing
)

// Error gives the cause and what is known of it, in one line.
func (f *Failure) Error() string {
	s := string(f.Stage) + ": " + string(f.Cause)
	if f.Waiting != "" {
		s += " while waiting for " + string(f.Waiting)
	}
	for _, part := range []string{f.Condition, f.Text, f.Detail} {
		if part != "" {
			s += ": " + part
		}
	}
	return s
}

// Sentence says a failure in words, for the text of an event. What it means and
// what to do about it is the business of findings.
func (f *Failure) Sentence() string {
	s := f.headline()
	if f.Condition != "" && !strings.Contains(s, f.Condition) {
		s += ": " + f.Condition
	}
	if f.Text != "" {
		s += ` ("` + f.Text + `")`
	}
	if f.Detail != "" {
		s += ": " + f.Detail
	}
	return s
}

// Brief is the sentence without a detail that adds nothing to it: a list joins
// the places of which the same is to be said, and the operating system names
// each place in its words.
func (f *Failure) Brief() string {
	switch f.Cause {
	case CauseNoSuchHost, CauseRefused, CauseUnreachable, CauseTimeout, CauseClosed, CauseNoSTARTTLS, CauseNotTLS,
		CauseTLSRequired:
		brief := *f
		brief.Detail = ""
		return brief.Sentence()
	}
	return f.Sentence()
}

// Answer is the reason that the other side gave: the defined condition, and its
// own text in quotes. It is empty where it gave none.
func (f *Failure) Answer() string {
	switch {
	case f.Text == "":
		return f.Condition
	case f.Condition == "":
		return `"` + f.Text + `"`
	}
	return f.Condition + ` ("` + f.Text + `")`
}

func (f *Failure) headline() string {
	switch {
	case f.Lacking != nil && lacks[f.Lacking.Kind] != "":
		return lacks[f.Lacking.Kind] + f.Lacking.Name
	case f.Cause == CauseTimeout:
		return fmt.Sprintf("waited %.3g s for %s, nothing came", f.Waited, f.Waiting)
	case f.Cause == CauseClosed && f.Unprompted:
		return "the server closes the connection before anybody has said a word"
	case f.Cause == CauseClosed && f.Waited >= 1:
		return fmt.Sprintf("the server said nothing, and closed the connection after %.3g s", f.Waited)
	case f.Cause == CauseClosed && f.Waiting != "":
		return "the server closed the connection while we waited for " + string(f.Waiting)
	case f.Removed:
		return "the room removed us"
	case f.Unsure:
		return "an error came that may be about this message"
	case f.Cause == CauseStreamError:
		return "the server ended the stream with " + f.Condition
	case f.Cause == CauseAuth:
		return "the server refused the login with " + f.Condition
	}
	if text := causes[f.Cause].text; text != "" {
		return text
	}
	return string(f.Cause)
}

// In is the failure as it shows in a stage.
func (f *Failure) In(stage Stage) *Failure {
	if f == nil || f.Stage == stage {
		return f
	}
	g := *f
	g.Stage = stage
	return &g
}

// Temporary reports whether the same thing, tried again a little later, may
// succeed. Only then is it tried again: another wrong password brings a lock
// nearer, and a message that the server has refused for good would be refused
// again. The table is that of the causes.
func (f *Failure) Temporary() bool {
	switch causes[f.Cause].again {
	case later:
		return true
	case byType:
		return f.Type == "wait" || f.Passing
	case byCondition:
		return passingConditions[f.Cause][f.Condition]
	}
	return false
}
