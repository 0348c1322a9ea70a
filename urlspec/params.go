package urlspec

import "fmt"

// parameters is the one table of what Apprise reads from a query. The reading,
// the canonical URL, problems and completion loop over its rows, and so do the
// pane, the lines, the report, the help and the README. A new parameter is a
// row here, and its place in displayOrder; where it has a value of its own in
// the reading, a field of [Reading] as well.
//
// The rows stand in the order in which Apprise's own url() prints them. Before
// those are the ones that it prints as another part of the URL, since the nick
// comes from the user and the port from the mode.
//
// A rule must not look anything up in this table, or the table could not be
// made before it; what it needs it is given.
var parameters = [...]Parameter{
	{
		Name: "user", Kind: KindText, Default: "the user part", Used: true,
		Help:      "Replaces the user part.",
		InApprise: "Replaces the user part, which becomes the password where there is no other. Empty, it rejects the URL.",
		Here:      "The same.",
		also:      []string{"username"},
		rule:      userRule{},
	},
	{
		Name: "password", Kind: KindPassword, Default: "the password part", Used: true,
		Help:      "Replaces the password; pass= wins over it.",
		InApprise: "Replaces the password, even by an empty one.",
		Here:      "The same; --password-file replaces both. It is never shown.",
		also:      []string{"passwd", "pwd"},
		rule:      passwordRule{},
	},
	{
		Name: "pass", Kind: KindPassword, Default: "the password part", Used: true, Label: "password",
		Help:      "Replaces the password.",
		InApprise: "Replaces the password, and what password= says, even by an empty one.",
		Here:      "The same; --password-file replaces both. It is never shown.",
		rule:      passwordRule{},
	},
	{
		Name: "to", Kind: KindTargets, Used: true, Documented: true, Label: "targets",
		Help:      "More targets, separated by commas or blanks; a resource may be written with a plain slash here.",
		InApprise: "Joins the targets of the path; all are then sorted as texts, and what is no JID is dropped.",
		Here:      "The same targets in the same order. One that breaks RFC 7622 fails by itself, and the others get theirs.",
		also:      []string{"target", "targets", "recipient", "recipients", "jid", "room", "rooms", "channel"},
		rule:      targetsRule{},
	},
	{
		Name: "mode", Kind: KindChoice, Used: true, Documented: true, url: always,
		Values:    []string{string(ModeSTARTTLS), string(ModeTLS), string(ModeNone)},
		Default:   "starttls with xmpps://, none with xmpp://",
		Help:      "How the connection is secured: STARTTLS after connecting, TLS from the first byte, or not at all.",
		InApprise: "Known by its first letters; xmpps:// makes none starttls. The port is 5223 with tls, otherwise 5222.",
		Here:      "The same. Without TLS a password goes only to this machine, or with --allow-cleartext-password.",
		also:      []string{"secure", "security"},
		rule:      modeRule{},
	},
	{
		Name: "port", Kind: KindInt, Default: "the port part, else 5222; 5223 with mode=tls", Used: true,
		Help:      "Replaces the port.",
		InApprise: "Replaces the port part, by the default when it is no number.",
		Here:      "The same.",
		rule:      portRule{},
	},
	{
		Name: "roster", Kind: KindBool, Values: yesNo, Default: "no", Used: true, Documented: true, url: always,
		Help:      "Whether the roster is fetched after login.",
		InApprise: "yes fetches the roster after the login, before it sends.",
		Here:      "yes asks for the roster and counts its contacts; a server that does not give it is a warning.",
		rule:      flagRule{at: func(r *Reading) *bool { return &r.Roster }},
	},
	{
		Name: "subject", Kind: KindBool, Values: yesNo, Default: "no", Used: true, Documented: true, url: always,
		Help:      "Whether the title goes into the message's subject; otherwise it is put before the body.",
		InApprise: "yes sends the title as the subject; no puts it before the body, in the body's format.",
		Here:      "The same messages.",
		also:      []string{"title"},
		rule:      flagRule{at: func(r *Reading) *bool { return &r.Subject }},
	},
	{
		Name: "keepalive", Kind: KindBool, Values: yesNo, Default: "no", Used: true, Documented: true, url: always,
		Help: "Whether the connection stays open between notifications.",
		InApprise: "yes keeps a session open and ignores name=. Apprise 2.1.0 reports a failure then, " +
			"and delivers nothing.",
		Here: "yes makes send --lines and the terminal UI send everything over one session, which is pinged while " +
			"it is idle, and restored; name= is ignored.",
		also: []string{"keep_alive"},
		rule: keepaliveRule{flagRule{at: func(r *Reading) *bool { return &r.Keepalive }}},
	},
	{
		Name: "scramplus", Kind: KindBool, Values: yesNo, Default: "yes", Used: true, Documented: true, url: always,
		Help: "Whether SASL mechanisms with channel binding (SCRAM-…-PLUS) may be used.",
		InApprise: "no leaves the -PLUS mechanisms out, but claims that the server has none; one that has must refuse " +
			"that (RFC 5802 section 6).",
		Here: "no leaves the -PLUS mechanisms out, and claims nothing.",
		also: []string{"scram_plus"},
		rule: scramPlusRule{flagRule{at: func(r *Reading) *bool { return &r.ScramPlus }}},
	},
	{
		Name: "name", Kind: KindText, Default: "the user", Used: true, Documented: true, url: ifUnusual, Label: "nick",
		Help:      "The nick in rooms: ASCII letters, digits and underscores. The user part is the default.",
		InApprise: "The nick, unless it holds anything else, or keepalive=yes: then the user is, without a word.",
		Here:      "The same.",
		also:      []string{"nick", "nickname", "muc_nick"},
		rule:      nickRule{},
	},
	{
		Name: "xmpp", Kind: KindHost, Default: "the host", Used: true, Documented: true, url: ifUnusual, Label: "TCP host",
		Help:      "The host to connect to, when it is not the JID's domain.",
		InApprise: "Connects there, whatever it says: a port in it is part of the name.",
		Here:      "The same. The certificate must name the JID's domain all the same.",
		also:      []string{"server", "host", "hostname", "xmpp_host", "xmpphost"},
		rule:      serverRule{},
	},
	{
		Name: "overflow", Kind: KindChoice, Values: []string{"upstream", "split", "truncate"}, Default: "upstream",
		Used: true, Documented: true, url: always,
		Help:      "What happens to a message that is too long: sent as it is, sent in pieces, or cut.",
		InApprise: "split and truncate allow a body of 32768 characters and a subject of 250; upstream any length.",
		Here:      "The same messages.",
		also:      []string{"overflow_mode"},
		rule:      choiceRule{at: func(r *Reading) *string { return &r.Overflow }},
	},
	{
		Name: "format", Kind: KindChoice, Values: []string{"text", "html", "markdown"}, Default: "text",
		Used: true, Documented: true, url: always,
		Help:      "The format the message is converted to; it is sent as a plain body in any case.",
		InApprise: "Converts the body from its input format, and with subject=no the title.",
		Here:      "The same messages; of more than 1 MiB of Markdown no HTML is made, and nothing is sent.",
		rule:      choiceRule{at: func(r *Reading) *string { return &r.Format }},
	},
	{
		Name: "tz", Kind: KindZone, Documented: true, url: ifUnusual,
		Help:      "A time zone that Apprise's XMPP plugin never uses; a zone it does not know rejects the URL.",
		InApprise: "Nothing; but a zone it does not know, or an empty one, rejects the URL.",
		Here:      nothing,
		also:      []string{"timezone"},
		rule:      zoneRule{},
	},
	{
		Name: "store", Kind: KindBool, Values: yesNo, Default: "yes", Documented: true, url: ifUnusual,
		Help:      "Whether Apprise may keep state on disk, which its XMPP plugin never does.",
		InApprise: nothing,
		Here:      nothing,
		rule:      flagRule{at: func(r *Reading) *bool { return &r.Store }, strict: true},
	},
	{
		Name: "retry", Kind: KindInt, Default: "0", Used: true, Documented: true, url: always,
		Help:      fmt.Sprintf("How often a failed delivery is tried again, up to %d.", MaxRetry),
		InApprise: "Sends again what it counts as not delivered.",
		Here: "Attempts again what has no evidence, under the same id, and only after failures that can pass. " +
			"A check is one attempt.",
		also: []string{"retries"},
		rule: retryRule{},
	},
	{
		Name: "wait", Kind: KindSeconds, Default: DefaultPause.String(), Used: true, Documented: true, url: always,
		Help:      fmt.Sprintf("The pause between attempts, up to %g seconds.", MaxPause),
		InApprise: "The pause between attempts.",
		Here:      "The same.",
		also:      []string{"delay"},
		rule:      pauseRule{},
	},
	{
		Name: "optional", Kind: KindBool, Values: yesNo, Default: "no", Used: true, Documented: true, url: always,
		Help:      "Whether a failure still counts as success.",
		InApprise: "yes reports a success where everything failed, after all attempts.",
		Here:      "yes changes what Apprise would report, and neither the outcome nor the exit code.",
		rule:      flagRule{at: func(r *Reading) *bool { return &r.Optional }},
	},
	{
		Name: "rto", Kind: KindSeconds, Default: DefaultTimeout.String(), Documented: true, url: ifUnusual,
		Label:     "answer timeout",
		Help:      "How long an answer of the server may take; Apprise's XMPP plugin never uses it.",
		InApprise: "Nothing: the XMPP plugin never uses it.",
		Here:      "Bounds each answer of the server, " + timeoutBounds,
		rule:      timeoutRule{at: func(r *Reading) *Seconds { return &r.RTO }},
	},
	{
		Name: "cto", Kind: KindSeconds, Default: DefaultTimeout.String(), Used: true, Documented: true, url: ifUnusual,
		Label:     "connect timeout",
		Help:      "How long connecting may take; to Apprise it is the time of the whole session, at least five seconds.",
		InApprise: "The time budget of a session, at least 5 seconds; connecting gets a third of it.",
		Here:      "Bounds dns, tcp and tls together, " + timeoutBounds,
		also:      []string{"timeout", "connect_timeout"},
		rule:      timeoutRule{at: func(r *Reading) *Seconds { return &r.CTO }},
	},
	{
		Name: "verify", Kind: KindBool, Values: yesNo, Default: "yes", Used: true, Documented: true, url: ifUnusual,
		Help:      "Whether the server's certificate is checked.",
		InApprise: "no turns the check off, and so does every value that it does not recognise, an empty one too.",
		Here:      "no turns the check off; a value that Apprise does not recognise leaves it on.",
		also:      []string{"verify_ssl", "ssl_verify", "verify_certificate"},
		rule:      verifyRule{flagRule{at: func(r *Reading) *bool { return &r.Verify }, strict: true}},
	},
	{
		Name: "redirect", Kind: KindBool, Values: yesNo, Default: "yes", Documented: true, url: ifUnusual,
		Help:      "Whether HTTP redirects are followed, which XMPP has none of.",
		InApprise: nothing,
		Here:      nothing,
		rule:      flagRule{at: func(r *Reading) *bool { return &r.Redirect }, strict: true},
	},
	{
		Name: "emojis", Kind: KindBool, Values: yesNo, Default: "no", Used: true, Documented: true,
		Help:      "Whether :shortcodes: become emoji.",
		InApprise: "yes turns the :shortcodes: of title and body into emoji. Its own URLs leave it out.",
		Here:      "The same messages.",
		also:      []string{"emoji"},
		rule:      flagRule{at: func(r *Reading) *bool { return &r.Emojis }},
	},
}

// displayOrder is the order in which people see the parameters: the most useful
// ones first, those without effect last.
var displayOrder = [...]string{
	"mode", "to", "name", "xmpp", "scramplus", "verify", "subject", "roster", "keepalive", "cto", "retry", "wait",
	"optional", "overflow", "format", "emojis", "user", "pass", "password", "port", "rto", "redirect", "store", "tz",
}

var yesNo = []string{"yes", "no"}

// timeoutBounds says what xmppscope makes of cto and rto.
var timeoutBounds = fmt.Sprintf("from %g to %g seconds; 0 and less are %g.", MinTimeout, MaxTimeout, DefaultTimeout)

// nothing is what a parameter without effect does.
const nothing = "Nothing."
