package urlspec

import "math"

// ParamKind is the kind of value a parameter takes.
type ParamKind string

// The kinds of parameter.
const (
	KindBool     ParamKind = "yes/no"
	KindChoice   ParamKind = "choice"
	KindInt      ParamKind = "integer"
	KindSeconds  ParamKind = "seconds"
	KindHost     ParamKind = "host"
	KindText     ParamKind = "text"
	KindTargets  ParamKind = "targets"
	KindZone     ParamKind = "time zone"
	KindPassword ParamKind = "password"
)

// Parameter declares one query parameter that Apprise reads.
type Parameter struct {
	Name string
	Kind ParamKind
	// Default is what holds without the parameter; empty when it depends on
	// other parts of the URL.
	Default string
	// Values are the allowed values of a choice or a yes/no parameter.
	Values []string
	// Help says in one sentence what it does.
	Help string
	// Used is false for a parameter that does nothing for XMPP.
	Used bool
	// Documented is false for one that works but is not on the scheme's page.
	Documented bool
}

// parameters is the one table: the reading, completion, help and README all
// come from it.
var parameters = []Parameter{
	{"mode", KindChoice, "", []string{"starttls", "tls", "none"}, "How the connection is secured: STARTTLS after connecting, TLS from the first byte, or not at all.", true, true},
	{"to", KindTargets, "", nil, "More targets, separated by commas or blanks; a resource may be written with a plain slash here.", true, true},
	{"name", KindText, "", nil, "The nick in rooms: ASCII letters, digits and underscores. The user part is the default.", true, true},
	{"xmpp", KindHost, "", nil, "The host to connect to, when it is not the JID's domain.", true, true},
	{"scramplus", KindBool, "yes", yesNo, "Whether SASL mechanisms with channel binding (SCRAM-…-PLUS) may be used.", true, true},
	{"verify", KindBool, "yes", yesNo, "Whether the server's certificate is checked.", true, true},
	{"subject", KindBool, "no", yesNo, "Whether the title goes into the message's subject; otherwise it is put before the body.", true, true},
	{"roster", KindBool, "no", yesNo, "Whether the roster is fetched after login.", true, true},
	{"keepalive", KindBool, "no", yesNo, "Whether Apprise keeps the connection open between notifications.", true, true},
	{"cto", KindSeconds, "4.0", nil, "The time budget of a session; Apprise takes at least five seconds and gives connecting a third.", true, true},
	{"retry", KindInt, "0", nil, "How often a failed delivery is tried again, up to 10.", true, true},
	{"wait", KindSeconds, "0.5", nil, "The pause between attempts, up to 20 seconds.", true, true},
	{"optional", KindBool, "no", yesNo, "Whether a failure still counts as success.", true, true},
	{"overflow", KindChoice, "upstream", []string{"upstream", "split", "truncate"}, "What happens to a message that is too long: sent as it is, sent in pieces, or cut.", true, true},
	{"format", KindChoice, "text", []string{"text", "html", "markdown"}, "The format the message is converted to; it is sent as a plain body in any case.", true, true},
	{"emojis", KindBool, "no", yesNo, "Whether :shortcodes: become emoji.", true, true},
	{"user", KindText, "", nil, "Replaces the user part.", true, false},
	{"pass", KindPassword, "", nil, "Replaces the password.", true, false},
	{"password", KindPassword, "", nil, "Replaces the password; pass= wins over it.", true, false},
	{"port", KindInt, "", nil, "Replaces the port.", true, false},
	{"rto", KindSeconds, "4.0", nil, "A read timeout that Apprise's XMPP plugin never uses.", false, true},
	{"redirect", KindBool, "yes", yesNo, "Whether HTTP redirects are followed, which XMPP has none of.", false, true},
	{"store", KindBool, "yes", yesNo, "Whether Apprise may keep state on disk, which its XMPP plugin never does.", false, true},
	{"tz", KindZone, "", nil, "A time zone that Apprise's XMPP plugin never uses; a zone it does not know rejects the URL.", false, true},
}

var yesNo = []string{"yes", "no"}

// Parameters returns every parameter that Apprise reads, the most useful ones
// first.
func Parameters() []Parameter {
	return append([]Parameter(nil), parameters...)
}

// parameter looks a name up. What it points to must not be changed; it is the
// zero Parameter for a name that Apprise does not know.
func parameter(name string) (*Parameter, bool) {
	for i := range parameters {
		if parameters[i].Name == name {
			return &parameters[i], true
		}
	}
	return &Parameter{}, false
}

// truth is what Apprise's parse_bool makes of a value.
type truth uint8

const (
	unrecognised truth = iota
	no
	yes
)

// parseBool looks at the first two characters, lowered.
func parseBool(s string) truth {
	s = lower(s)
	if len(s) > 2 {
		s = s[:2]
	}
	switch s {
	case "de", "di", "ne", "f", "n", "no", "of", "0", "fa":
		return no
	case "en", "al", "t", "y", "ye", "on", "1", "tr":
		return yes
	}
	return unrecognised
}

// flag reads a boolean parameter. Some treat an empty value as absent.
func (l *lexed) flag(name string, absent, fallback, emptyIsAbsent bool) bool {
	v, at := l.param(name)
	if at < 0 || v == "" && emptyIsAbsent {
		return absent
	}
	switch parseBool(v) {
	case yes:
		return true
	case no:
		return false
	}
	return fallback
}

// The bounds and defaults of the numeric parameters.
const (
	defaultTimeout = 4.0
	defaultWait    = 0.5
	maxRetry       = 10
	maxWait        = 20.0
)

// timeout reads cto and rto, which have no range.
func (l *lexed) timeout(name string) float64 {
	if v, at := l.param(name); at >= 0 {
		if f, ok := parseFloat(v); ok {
			return f
		}
	}
	return defaultTimeout
}

func (l *lexed) retry() int {
	v, _ := l.param("retry")
	n, ok := parseInt(v)
	if !ok {
		return 0
	}
	return min(max(n.value, 0), maxRetry)
}

func (l *lexed) wait() float64 {
	v, _ := l.param("wait")
	f, ok := parseFloat(v)
	if !ok || math.IsNaN(f) || f < 0 {
		return defaultWait
	}
	return min(f, maxWait)
}

// choice reads a parameter of exact values, in any case.
func (l *lexed) choice(name string) string {
	p, _ := parameter(name)
	v, _ := l.param(name)
	v = lower(v)
	for _, allowed := range p.Values {
		if v == allowed {
			return v
		}
	}
	return p.Default
}

// nick reads name=: the nick when it is letters, digits and "_". One trailing
// line feed is let through and then stripped, as Python's "$" does.
func (l *lexed) nick() (string, bool) {
	v, _ := l.param("name")
	v = unquote(v)
	if n := len(v); n > 0 && v[n-1] == '\n' {
		v = v[:n-1]
	}
	for _, r := range v {
		if !isLetterFold(r) && (r < '0' || r > '9') && r != '_' {
			return "", false
		}
	}
	return v, v != ""
}

// matchMode is the first mode that v is a prefix of.
func matchMode(v string) (Mode, bool) {
	v = lower(v)
	for _, m := range [...]Mode{ModeSTARTTLS, ModeTLS, ModeNone} {
		if len(v) <= len(m) && string(m[:len(v)]) == v {
			return m, true
		}
	}
	return "", false
}

// defaultPort is the port Apprise takes from the mode.
func (m Mode) defaultPort() int {
	if m == ModeTLS {
		return 5223
	}
	return 5222
}
