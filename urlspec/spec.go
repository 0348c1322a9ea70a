package urlspec

// Spec is everything that is known of one URL text.
type Spec struct {
	// Text is the URL as it was typed. It may hold a password: never print it,
	// print Redacted().
	Text string
	// Spans cover Text in order, without gap or overlap.
	Spans []Span
	// Reading is what Apprise 2.1.0 makes of Text.
	Reading Reading
	// Problems are sorted by Start, then by severity (errors first).
	Problems []Problem
	// Params are the query parameters as written, in order, unknown and
	// repeated ones included.
	Params []Param
	// Origins says where each value of the reading comes from.
	Origins Origins

	doubt bool // a part of a password may stand in the host
}

// Kind says what a span of the text is.
type Kind uint8

// The kinds of span.
const (
	// Other is text that is no part of a URL, such as all of "hello".
	Other Kind = iota
	// Space is white space that Apprise strips.
	Space
	// Scheme is "xmpp" or "xmpps".
	Scheme
	// Punct separates parts: "://", ":", "@", "/", "?", "&", ";", "=".
	Punct
	// User is the user part before "@", without the password.
	User
	// Password is the password: in the user part, or the value of pass= and
	// password=, or any text that was plausibly meant as one (everything up to
	// the last "@" of the authority). Redaction covers these spans.
	Password
	// Host is the host.
	Host
	// Port is the port, without its colon.
	Port
	// Target is one path segment; Span.Index counts them from 0 as written.
	Target
	// ParamName is a parameter's name; Span.Index counts parameters from 0.
	ParamName
	// ParamValue is a parameter's value; Span.Index as for ParamName.
	ParamValue
	// Lost is text that Apprise throws away, such as a fragment.
	Lost
)

// Span is a stretch of the text, in bytes.
type Span struct {
	Kind       Kind
	Start, End int
	// Index is the number of the target or parameter, 0 for other kinds.
	Index int
}

// Param is one query parameter as written.
type Param struct {
	// Name is the name as Apprise reads it: decoded, lower case, stripped.
	Name string
	// Value is the value as Apprise reads it: decoded once and stripped.
	// For pass and password it is a secret.
	Value string
	// Known is false for a name Apprise does not know, or one of another
	// namespace (+ - : prefixes).
	Known bool
	// Wins is false when a later parameter of the same name replaces this one.
	Wins bool
	row  *Parameter // nil when it is not known
	// NameStart, NameEnd, ValueStart and ValueEnd are byte offsets. ValueStart
	// equals NameEnd when there is no "=".
	NameStart, NameEnd, ValueStart, ValueEnd int
}

// Mode is how the connection is secured.
type Mode string

// The three modes of the mode= parameter.
const (
	ModeNone     Mode = "none"
	ModeSTARTTLS Mode = "starttls"
	ModeTLS      Mode = "tls"
)

// Words says in a word or two how the connection is secured.
func (m Mode) Words() string {
	switch m {
	case ModeTLS:
		return "direct TLS"
	case ModeSTARTTLS:
		return "STARTTLS"
	}
	return "no TLS"
}

// TargetKind is the stanza type a target gets.
type TargetKind string

// The two kinds of target.
const (
	Chat      TargetKind = "chat"
	Groupchat TargetKind = "groupchat"
)

// Address is one delivery target of a reading, in Apprise's sending order.
type Address struct {
	Kind TargetKind `json:"kind"`
	JID  string     `json:"jid"`
	// Start and End are the byte offsets of the text it came from; both 0 when
	// the target is the login JID because no other target was left.
	Start int `json:"-"`
	End   int `json:"-"`
	// Domain says where the JID's domain came from: the target itself
	// (FromPart) or the URL's host (FromHost).
	Domain Source `json:"-"`
	// Param is true when it was written in to=, not in the path.
	Param bool `json:"-"`
}

// Reading is what Apprise 2.1.0 makes of a URL. Its JSON form is the `reading`
// of explain --json: exactly the fields below, or {"accepted":false}.
type Reading struct {
	Accepted     bool      `json:"accepted"`
	Secure       bool      `json:"secure"`
	LoginJID     string    `json:"login_jid"`
	StreamTo     string    `json:"stream_to"`
	PasswordSet  bool      `json:"password_set"`
	TCPHost      string    `json:"tcp_host"`
	Port         int       `json:"port"`
	Mode         Mode      `json:"mode"`
	Nick         string    `json:"nick"`
	Targets      []Address `json:"targets"`
	SelfTarget   bool      `json:"self_target"`
	Roster       bool      `json:"roster"`
	Subject      bool      `json:"subject"`
	Keepalive    bool      `json:"keepalive"`
	ScramPlus    bool      `json:"scramplus"`
	Verify       bool      `json:"verify"`
	Redirect     bool      `json:"redirect"`
	Optional     bool      `json:"optional"`
	Emojis       bool      `json:"emojis"`
	CTO          Seconds   `json:"cto"`
	RTO          Seconds   `json:"rto"`
	Retry        int       `json:"retry"`
	Wait         Seconds   `json:"wait"`
	Overflow     string    `json:"overflow"`
	Format       string    `json:"format"`
	TZ           *string   `json:"tz"`
	CanonicalURL string    `json:"canonical_url"`

	// VerifyUnrecognised is true when certificate checks are off in Apprise
	// only because of a value it did not recognise (verify=maybe, verify=).
	// Our own session checks certificates then.
	VerifyUnrecognised bool `json:"-"`
	// Store is what store= says, which does nothing for XMPP.
	Store bool `json:"-"`
	// User, Host and Password are the decoded parts. Password is a secret:
	// it has no JSON form and must never be printed.
	User     string `json:"-"`
	Host     string `json:"-"`
	Password string `json:"-"`

	// bigPort is the port in decimal where Port cannot hold it: Apprise takes
	// numbers of up to 4300 digits.
	bigPort string
	// veil is the reading with its secrets masked, nil when it has none.
	veil *veil
	// masked names the values that are hidden, as they are called in JSON. Port
	// is 0 when it is one of them.
	masked []string
}

// Source says where a value comes from.
type Source uint8

// The sources of a value.
const (
	FromDefault Source = iota // Apprise's default
	FromPart                  // its own place in the URL (user, host, port, a target)
	FromParam                 // a query parameter
	FromScheme                // the scheme
	FromMode                  // the mode, as the default port
	FromUser                  // the user part, as the default nick
	FromHost                  // the host, as the domain of a bare target
)

// Origin is a source and the text it stands in (both offsets 0 when in none).
type Origin struct {
	Source     Source
	Param      string // the parameter's name, for FromParam
	Start, End int
}

// Origins tells the source of the values the assembly table shows.
type Origins struct {
	// Local and Domain are the halves of the login JID. Domain is FromHost, or
	// FromUser when the user part carries a domain of its own.
	Local, Domain  Origin
	Password, Host Origin
	Port, Mode     Origin
	TCPHost, Nick  Origin
}

// Severity grades a problem.
type Severity string

// The severities, worst first.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Problem is a place where Apprise's reading is likely to surprise.
type Problem struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Start    int      `json:"start"`
	End      int      `json:"end"`
	// Message says what Apprise does and what was probably meant. It never
	// holds a password.
	Message string `json:"message"`
	// Fix repairs it; nil when there is nothing to edit.
	Fix *Fix `json:"fix,omitempty"`
	// Others are further fixes, where the text can be read in several ways.
	Others []Fix `json:"other_fixes,omitempty"`
}
