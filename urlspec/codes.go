package urlspec

import "fmt"

// CodeInfo explains one problem code.
type CodeInfo struct {
	Code     string
	Severity Severity
	// Help says in one short sentence when the code is raised.
	Help string
	// Explanation says what Apprise does, why, and what to write instead.
	Explanation string
	// Wrong is a URL that raises the code, Right one that does not.
	Wrong, Right string
	// Fix says what may be done with the code's fixes. One of a safe code is
	// offered all the same where the text can be read in two ways.
	Fix FixKind
}

// Codes returns every problem code, grouped by the part of the URL it is
// about.
func Codes() []CodeInfo {
	all := make([]CodeInfo, 0, 64)
	for _, group := range codeGroups {
		all = append(all, group...)
	}
	return all
}

// Explain looks a problem code up.
func Explain(code string) (CodeInfo, bool) {
	for _, group := range codeGroups {
		for i := range group {
			if group[i].Code == code {
				return group[i], true
			}
		}
	}
	return CodeInfo{}, false
}

// codeGroups is the one table of codes.
var codeGroups = [...][]CodeInfo{shapeCodes, userCodes, hostCodes, targetCodes, modeCodes, paramCodes}

var shapeCodes = []CodeInfo{
	{"scheme-missing", Error, "the text does not begin with xmpps:// or xmpp://",
		"Apprise looks for a scheme and “://” at the very start of the text, after white space. " +
			"Without them it sees no URL at all, and quotation marks, a name or other words in front are enough for that.",
		"alice:secret@example.com/bob", "xmpps://alice:secret@example.com/bob", FixOffered},
	{"scheme-unknown", Error, "the scheme is not xmpp or xmpps",
		"The scheme names the Apprise plugin. xmpps is XMPP with STARTTLS or TLS, xmpp is XMPP without encryption unless " +
			"mode= says otherwise. Anything else goes to another plugin, or is refused.",
		"xmpss://alice:secret@example.com/bob", "xmpps://alice:secret@example.com/bob", FixOffered},
	{"scheme-twice", Error, "the scheme stands there twice",
		"A URL has one scheme. Apprise takes what follows the first “://” for user and host, so the second scheme " +
			"becomes the host, and it refuses the URL.",
		"xmpps://xmpps://alice:secret@example.com/bob", "xmpps://alice:secret@example.com/bob", FixSafe},
	{"xmpp-uri", Error, "an RFC 5122 link (xmpp:user@host), which is no Apprise URL",
		"xmpp:user@host is the standard way to link to an address. It does not say who logs in, so Apprise cannot use it. " +
			"An Apprise URL has “//” after the scheme, the login, and the address as target in the path.",
		"xmpp:alice@example.com", "xmpps://alice:secret@example.com/alice", FixOffered},
	{"trailing-question-mark", Error, "a “?” with nothing after it",
		"Apprise's pattern for URLs wants at least one character after the “?”. A bare one makes the whole URL " +
			"unreadable to it, although “?&” and “??” are taken.",
		"xmpps://alice:secret@example.com/bob?", "xmpps://alice:secret@example.com/bob", FixSafe},
	{"line-break", Error, "a line break inside the URL",
		"A line break anywhere but at the very end makes Apprise refuse the text. " +
			"They come from copying a URL that was wrapped.",
		"xmpps://alice:secret@example.com/bob\n?mode=tls", "xmpps://alice:secret@example.com/bob?mode=tls", FixOffered},
	{"whitespace", Warning, "white space inside the URL that Apprise removes or keeps",
		"Tabs and carriage returns before the query vanish without a word, and white space around host and parameters is " +
			"stripped. In a password a blank is kept and sent. Remove it, or write %20 where it is meant.",
		"xmpps://alice: secret@example.com/bob", "xmpps://alice:%20secret@example.com/bob", FixSafe},
	{"control-character", Warning, "a character that cannot be seen",
		"Control characters, zero-width characters and those that change the direction of text come from copying out of " +
			"web pages and documents. Apprise takes them as part of names, so the server knows no such user or host.",
		"xmpps://alice:secret@example.com/bob?retry=\u200b2", "xmpps://alice:secret@example.com/bob?retry=2", FixSafe},
	{"second-url", Warning, "another URL inside the path",
		"Apprise takes one URL at a time. In a list, what follows the first URL is read as further targets, the second " +
			"URL's user and password too. Give each URL an argument or a line of its own.",
		"xmpps://alice:secret@example.com/bob,xmpps://carol:secret@example.net", "xmpps://alice:secret@example.com/bob",
		FixNone},
	{"fragment-lost", Warning, "a “#” that cut off what follows",
		"Apprise keeps a “#” right after a “/” as the mark of a room. Any other “#” before the query begins a " +
			"fragment, which it throws away, further targets included. Write “/#” for a room, or %23.",
		"xmpps://alice:secret@example.com/bob#x/carol", "xmpps://alice:secret@example.com/bob%23x/carol", FixOffered},
	{"params-lost", Warning, "a “;” that cut off what follows",
		"Python's URL parser takes a “;” in the last path segment for the beginning of old-style parameters and " +
			"Apprise never looks at those. Separate targets with “/”, or write %3B.",
		"xmpps://alice:secret@example.com/bob;carol", "xmpps://alice:secret@example.com/bob/carol", FixOffered},
	{"param-delimiter", Warning, "a parameter behind the wrong sign",
		"The first parameter begins with the “?”, each further one with an “&”. Behind another sign Apprise takes " +
			"a parameter for a piece of a target, or of the value before it.",
		"xmpps://alice:secret@example.com/bob&mode=tls", "xmpps://alice:secret@example.com/bob?mode=tls", FixOffered},
}

var userCodes = []CodeInfo{
	{"user-missing", Error, "no user",
		"Apprise must log in, so it refuses a URL without a user. It stands before the host, as user:password@host, " +
			"or in user=.",
		"xmpps://example.com/bob", "xmpps://alice:secret@example.com/bob", FixOffered},
	{"user-invalid", Error, "the user is no JID",
		"The user becomes a JID together with the host. A blank in it, an “@” at an end, two of them, an empty " +
			"resource or a “%” in the resource make that impossible, and Apprise refuses the URL.",
		"xmpps://al%20ice:secret@example.com", "xmpps://alice:secret@example.com", FixNone},
	{"user-at", Error, "an unescaped “@” in the user moved the host",
		"Apprise splits at the first “@”. A user with a domain of its own (me@example.net on a server of another name) " +
			"must be written with %40.",
		"xmpps://me@example.net:secret@example.com", "xmpps://me%40example.net:secret@example.com", FixSafe},
	{"user-illegal-jid", Error, "the login JID breaks RFC 7622",
		"Apprise takes more characters than XMPP does. slixmpp, which does the talking, refuses a local part with one of " +
			"\" & ' / : < > in it, and then nothing is sent.",
		"xmpps://al%26ice:secret@example.com", "xmpps://alice:secret@example.com", FixNone},
	{"password-at", Error, "an unescaped “@” in the password moved the host",
		"Apprise splits at every run of “@” and takes the first two pieces: the password ends at its own “@” and " +
			"the rest of it becomes the host, without an error. Write %40.",
		"xmpps://alice:s@cret@example.com", "xmpps://alice:s%40cret@example.com", FixSafe},
	{"password-colon", Warning, "an unescaped “:” cut the password",
		"Apprise splits the user part at every run of “:” and takes the first two pieces, so the password " +
			"ends there. Write %3A.",
		"xmpps://alice:sec:ret@example.com", "xmpps://alice:sec%3Aret@example.com", FixSafe},
	{"password-delimiter", Error, "an unescaped “/”, “#” or “?” in the password",
		"The host part of a URL ends at the first “/”, “#” or “?”. When that stands in the password, the " +
			"“@” after it is never seen. Write %2F, %23 or %3F.",
		"xmpps://alice:sec/ret@example.com", "xmpps://alice:sec%2Fret@example.com", FixSafe},
	{"password-separator", Error, "another sign where the “:” before the password belongs",
		"User and password are parted by a “:”, typed as it is. An escape or a full-width colon is a part of the user " +
			"to Apprise, and a “/”, “#” or “?” ends the host part.",
		"xmpps://alice/secret@example.com/bob", "xmpps://alice:secret@example.com/bob", FixOffered},
	{"userinfo-bracket", Error, "a “[” or “]” before the “@”",
		"Python's URL parser takes brackets anywhere before the path for those of an IPv6 address and refuses what is " +
			"none. Write %5B and %5D.",
		"xmpps://alice:[secret]@example.com", "xmpps://alice:%5Bsecret%5D@example.com", FixSafe},
	{"password-missing", Warning, "no password",
		"Apprise takes a URL without a password and sends an empty one, which servers refuse.",
		"xmpps://alice@example.com/bob", "xmpps://alice:secret@example.com/bob", FixNone},
}

var hostCodes = []CodeInfo{
	{"host-missing", Error, "no host",
		"The host is the domain of the JID, and the server to connect to unless xmpp= names another. " +
			"Apprise refuses a URL without.",
		"xmpps://alice:secret@/bob", "xmpps://alice:secret@example.com/bob", FixNone},
	{"host-invalid", Error, "the host breaks Apprise's rule for hosts",
		"Between the dots Apprise takes letters, digits, “-” and “_”, neither at an end, 63 characters at most. " +
			"Numbers alone must be an IPv4 address. An IPv6 address needs lower case when a port follows.",
		"xmpps://alice:secret@-example.com", "xmpps://alice:secret@example.com", FixSafe},
	{"host-one-digit-label", Error, "a single digit between two dots of the host",
		"Apprise's pattern for hosts takes a label of one letter, but not one of one digit, so hosts such as 1.example.com " +
			"are refused although they exist. Use another name of the server in the URL and name this one with xmpp=, if the " +
			"JID's domain allows it.",
		"xmpps://alice:secret@1.example.com", "xmpps://alice:secret@s1.example.com", FixNone},
	{"host-unicode", Error, "a host that is not ASCII",
		"Apprise takes ASCII hosts only. An internationalised domain must be written in Punycode, with xn-- in front.",
		"xmpps://alice:secret@müller.example", "xmpps://alice:secret@xn--mller-kva.example", FixSafe},
	{"port-range", Error, "a port outside 1 to 65535",
		"Apprise does not check the range of a port. It takes the URL and then fails to connect.",
		"xmpps://alice:secret@example.com:65536", "xmpps://alice:secret@example.com:5222", FixOffered},
	{"port-invalid", Error, "a port that is no number",
		"What follows the “:” after the host must be a number; without one Apprise refuses the URL.",
		"xmpps://alice:secret@example.com:52x2", "xmpps://alice:secret@example.com:5222", FixOffered},
	{"port-odd", Warning, "a port written as only Python reads it",
		"Apprise leaves the port to Python's int(), which also takes a sign, underscores, blanks and the digits of other " +
			"scripts; 0 means the default. Other programs will not read it so.",
		"xmpps://alice:secret@example.com:5_222", "xmpps://alice:secret@example.com:5222", FixSafe},
	{"port-mode", Warning, "port and mode do not go together",
		"Servers speak TLS from the first byte on 5223 (mode=tls) and begin without it on 5222 (mode=starttls). " +
			"The other way round both sides wait for each other until the time is up.",
		"xmpps://alice:secret@example.com:5223", "xmpps://alice:secret@example.com:5223?mode=tls", FixOffered},
	{"port-service", Warning, "a port that speaks something else",
		"Some ports of an XMPP server are not for clients: 5269 is for other servers, 5347 for components, 5280, 5281, " +
			"5443, 7070 and 7443 are for HTTP. Clients use 5222, or 5223 with mode=tls.",
		"xmpps://alice:secret@example.com:5269", "xmpps://alice:secret@example.com", FixOffered},
}

var targetCodes = []CodeInfo{
	{"target-dropped", Warning, "a target is no JID",
		"Apprise drops a target that does not look like a JID, with a warning in its log, and sends to the others.",
		"xmpps://alice:secret@example.com/bob/@carol", "xmpps://alice:secret@example.com/bob/carol", FixNone},
	{"all-targets-dropped", Error, "every target was invalid, so Apprise writes to the sender",
		"When no target is left, Apprise sends the message to the login JID itself, as if none had been written. " +
			"It reports success.",
		"xmpps://alice:secret@example.com/@bob", "xmpps://alice:secret@example.com/bob", FixNone},
	{"target-split", Warning, "a blank, comma, semicolon or bracket split one target",
		"After decoding, Apprise splits every target at blanks, commas, semicolons and brackets. " +
			"Escapes do not help, as they are decoded first. A blank in a local part is written \\20 (XEP-0106).",
		"xmpps://alice:secret@example.com/bob%20b@example.com", "xmpps://alice:secret@example.com/bob%5C20b@example.com",
		FixOffered},
	{"target-illegal-jid", Error, "the target breaks RFC 7622",
		"Apprise takes more characters in a JID than XMPP does. slixmpp sends to such a target all the same, the server " +
			"answers jid-malformed, and Apprise still reports success. A local part writes \" & ' / : < > as " +
			"\\22 \\26 \\27 \\2f \\3a \\3c " +
			"\\3e (XEP-0106).",
		"xmpps://alice:secret@example.com/b&b@example.com", "xmpps://alice:secret@example.com/b%5C26b@example.com",
		FixOffered},
	{"target-duplicate", Warning, "two targets reach the same JID",
		"Apprise removes equal texts, not equal JIDs: bob and bob@example.com are two deliveries to one person.",
		"xmpps://alice:secret@example.com/bob/bob@example.com", "xmpps://alice:secret@example.com/bob", FixOffered},
	{"targets-reordered", Info, "the order of delivery is not the order of the URL",
		"Apprise sorts the targets as texts before it sends, so rooms (“#”) come first. " +
			"It matters only when a target makes it stop.",
		"xmpps://alice:secret@example.com/zoe/bob", "xmpps://alice:secret@example.com/bob/zoe", FixNone},
	{"resource-cut", Warning, "a second “/” in a target",
		"A resource ends at the next “/”; Apprise drops the rest, although XMPP would allow it.",
		"xmpps://alice:secret@example.com?to=bob@example.com/a/b", "xmpps://alice:secret@example.com?to=bob@example.com/a",
		FixNone},
	{"resource-needs-2", Info, "%2F in the path, which older versions take for two targets",
		"Apprise 1.13 and older decode the path before they split it, so bob%2Fphone was bob and phone there. " +
			"%252F gives the resource in every version, as does a plain slash in to=.",
		"xmpps://alice:secret@example.com/bob%2Fphone", "xmpps://alice:secret@example.com/bob%252Fphone", FixSafe},
	{"resource-as-target", Info, "what looks like a resource is a target of its own",
		"A “/” in the path begins the next target, so bob@host/phone writes to bob and to a user called phone. A " +
			"resource is written behind %252F, or with a plain slash in to=.",
		"xmpps://alice:secret@example.com/bob@corp.example/phone",
		"xmpps://alice:secret@example.com/bob@corp.example%252Fphone", FixOffered},
	{"room-without-service", Warning, "a room without a domain, joined at the host itself",
		"A target without a domain gets the host's, a room too. Rooms usually live at a service of their own, so #ops " +
			"means ops@example.com, where there is no room.",
		"xmpps://alice:secret@example.com/#ops", "xmpps://alice:secret@example.com/#ops@conference.example.com", FixOffered},
	{"room-unmarked", Warning, "a target that is probably a room, without its “#”",
		"Apprise writes to a target as to a person unless a “#” stands before it. A room gives such a message back, or " +
			"takes it for a private one; either way the others in it see nothing.",
		"xmpps://alice:secret@example.com/ops@conference.example.com",
		"xmpps://alice:secret@example.com/#ops@conference.example.com", FixOffered},
	{"room-mark", Warning, "a “#” that marks no room",
		"One plain “#” before a target marks a room. Alone it is a user of that name; a second one, one behind a " +
			"backslash or one of another script belongs to the name.",
		"xmpps://alice:secret@example.com/%23%23ops@conference.example.com",
		"xmpps://alice:secret@example.com/#ops@conference.example.com", FixOffered},
}

var modeCodes = []CodeInfo{
	{"mode-abbreviated", Info, "a shortened mode",
		"Apprise takes the first of starttls, tls and none that begins with the value, so s, t and n are enough. " +
			"Other programs want the whole word.",
		"xmpps://alice:secret@example.com?mode=t", "xmpps://alice:secret@example.com?mode=tls", FixSafe},
	{"mode-invalid", Error, "mode= is no mode",
		"The modes are starttls, tls and none. For anything else Apprise refuses the URL.",
		"xmpps://alice:secret@example.com?mode=ssl", "xmpps://alice:secret@example.com?mode=tls", FixSafe},
	{"mode-overruled", Warning, "xmpps:// overrules mode=none",
		"The scheme wins: with xmpps Apprise uses STARTTLS although mode=none is written.",
		"xmpps://alice:secret@example.com?mode=none", "xmpps://alice:secret@example.com", FixSafe},
	{"mode-upgrades-scheme", Info, "mode= turns encryption on for xmpp://",
		"With xmpp:// and mode=starttls or mode=tls the mode wins and Apprise encrypts, with a warning. " +
			"xmpps:// says the same without one.",
		"xmpp://alice:secret@example.com?mode=tls", "xmpps://alice:secret@example.com?mode=tls", FixSafe},
	{"plaintext", Warning, "no encryption",
		"xmpp:// encrypts nothing unless mode= says so. Everybody on the way can read the password and the messages.",
		"xmpp://alice:secret@example.com", "xmpps://alice:secret@example.com", FixOffered},
}

var paramCodes = []CodeInfo{
	{"verify-off", Warning, "certificate checks are off",
		"verify=no makes Apprise take any certificate, so anyone on the way can pose as the server. " +
			"For a server with a CA of its own, trust that CA instead.",
		"xmpps://alice:secret@example.com?verify=no", "xmpps://alice:secret@example.com?verify=yes", FixOffered},
	{"verify-unrecognised", Warning, "verify= has a value Apprise does not know, so checks are off",
		"Apprise looks at the first two letters of yes/no values. For verify= everything it does not know counts as no, " +
			"the empty value too, and certificates go unchecked by accident.",
		"xmpps://alice:secret@example.com?verify=maybe", "xmpps://alice:secret@example.com?verify=yes", FixSafe},
	{"nick-invalid", Warning, "name= is ignored",
		"A nick may have only the letters A to Z, digits and “_”. For anything else Apprise silently uses the user part.",
		"xmpps://alice:secret@example.com?name=alert-bot", "xmpps://alice:secret@example.com?name=alert_bot", FixSafe},
	{"xmpp-has-port", Error, "xmpp= has a port",
		"xmpp= is taken as one host name, port and all, and no such host is found. " +
			"The port belongs after the URL's host, or in port=.",
		"xmpps://alice:secret@example.com?xmpp=xmpp.example.com:5269",
		"xmpps://alice:secret@example.com:5269?xmpp=xmpp.example.com", FixSafe},
	{"xmpp-invalid", Warning, "xmpp= is no host name",
		"Apprise does not check xmpp=; it decodes it and tries to connect to whatever it says.",
		"xmpps://alice:secret@example.com?xmpp=http://xmpp.example.com",
		"xmpps://alice:secret@example.com?xmpp=xmpp.example.com", FixOffered},
	{"xmpp-redundant", Info, "xmpp= names the host itself",
		"Without xmpp= Apprise connects to the host of the URL, so naming it again changes nothing.",
		"xmpps://alice:secret@example.com?xmpp=example.com", "xmpps://alice:secret@example.com", FixSafe},
	{"xmpp-brackets", Error, "an IPv6 address in brackets, where Apprise needs it without",
		"Apprise connects to the host of the URL, or to xmpp=, as it is written there, and looks an address in " +
			"brackets up as " +
			"a name. In xmpp= an IPv6 address stands without them. xmppscope itself connects all the same.",
		"xmpps://alice:secret@example.com?xmpp=[2001:db8::1]",
		"xmpps://alice:secret@example.com?xmpp=2001:db8::1", FixOffered},
	{"scramplus-off", Info, "channel binding is off",
		"scramplus=no leaves out the SCRAM mechanisms with channel binding. It helps with servers whose binding fails " +
			"(“Invalid channel binding”), at the price of a weaker login.",
		"xmpps://alice:secret@example.com?scramplus=no", "xmpps://alice:secret@example.com", FixNone},
	{"keepalive-breaks-apprise", Error, "keepalive=yes, with which Apprise 2.1.0 delivers nothing",
		"With keepalive=yes Apprise 2.1.0 fails to connect, whatever the server, and reports a failure. Without it every " +
			"notification is a session of its own. xmppscope itself keeps a session open with it.",
		"xmpps://alice:secret@example.com?keepalive=yes", "xmpps://alice:secret@example.com", FixOffered},
	{"param-unknown", Warning, "a parameter Apprise does not know",
		"Apprise ignores parameters it does not know without a word, misspelt ones too.",
		"xmpps://alice:secret@example.com?rooster=yes", "xmpps://alice:secret@example.com?roster=yes", FixSafe},
	{"param-duplicate", Warning, "a parameter is repeated",
		"The last of several equal parameters wins, even an empty one. The others do nothing.",
		"xmpps://alice:secret@example.com?mode=starttls&mode=tls", "xmpps://alice:secret@example.com?mode=tls", FixOffered},
	{"param-namespace", Warning, "a name that begins with +, - or :",
		"Names with these signs carry headers and the like for other plugins. The XMPP plugin ignores them.",
		"xmpps://alice:secret@example.com?+roster=yes", "xmpps://alice:secret@example.com?roster=yes", FixOffered},
	{"param-no-effect", Info, "a parameter that does nothing for XMPP",
		"rto, redirect, store and tz belong to all of Apprise, but the XMPP plugin never uses them; " +
			"and with keepalive=yes it ignores name=. Here rto= bounds each answer of the server.",
		"xmpps://alice:secret@example.com?redirect=no", "xmpps://alice:secret@example.com", FixSafe},
	{"value-unrecognised", Warning, "a value Apprise replaces by the default",
		"Yes/no values are known by their first two letters, numbers by Python's rules, formats and overflow modes by " +
			"their whole name. Anything else is replaced, some of it with a warning in Apprise's log.",
		"xmpps://alice:secret@example.com?format=htm", "xmpps://alice:secret@example.com?format=html", FixSafe},
	{"value-clamped", Warning, "a number out of range, which Apprise bounds",
		fmt.Sprintf("retry goes from 0 to %d and wait from 0 to %g seconds; a session gets at least %g seconds whatever "+
			"cto= says.", MaxRetry, MaxPause, minBudget),
		"xmpps://alice:secret@example.com?retry=100", "xmpps://alice:secret@example.com?retry=10", FixSafe},
	{"tz-invalid", Error, "tz= is no time zone, which rejects the URL",
		"The XMPP plugin has no use for a time zone, but Apprise refuses the URL when tz= names none that it knows.",
		"xmpps://alice:secret@example.com?tz=Mars", "xmpps://alice:secret@example.com", FixSafe},
}

// reveals says whether the fix of a code lets Apprise see another user, host or
// port.
func reveals(code string) bool {
	switch code {
	case "user-at", "password-at", "password-delimiter", "password-separator", "userinfo-bracket":
		return true
	}
	return false
}
