package finding

import (
	"cmp"
	"fmt"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

var streamEnded = []event.Cause{event.CauseStreamError}

// policy is true of a policy-violation whose text has a word. It is one
// condition for many policies: only the text tells them apart.
func policy(word string) func(*facts) bool {
	return func(f *facts) bool { return f.condition("policy-violation") && f.textHas(word) }
}

// streamErrorRules are the errors that end a stream (RFC 6120 section 4.9.3).
var streamErrorRules = []rule{
	{
		code: "host-unknown",
		remedy: remedy{edit: "write the domain above as host, and the server's name as xmpp=",
			cost: "It is another account then."},
		causes: streamEnded, when: failedWith("host-unknown"),
		help: "The server does not serve the account's domain.",
		text: "The host in the URL is the domain of the account, what stands after the @ of its address; " +
			"where the server really lives goes into xmpp=. A domain that is not ASCII must be written in Punycode, as the " +
			"server has it.",
		title: func(f *facts) string {
			return fmt.Sprintf("This server does not serve %s.", f.reading.StreamTo)
		},
		explain: func(f *facts) string {
			if !strings.EqualFold(f.reading.TCPHost, f.reading.Host) {
				return fmt.Sprintf("We asked %s, which xmpp= names, for the domain %s, and it answered host-unknown. The host in "+
					"the URL must be the domain of your account (what stands after the @ of your address), and xmpp= the server "+
					"that has it.", f.endpoint(), f.reading.StreamTo)
			}
			return fmt.Sprintf("We asked %s for the domain %s, and it answered host-unknown. "+
				"The host in the URL is the domain of your account (what stands after the @ of your address). "+
				"If the server lives elsewhere, write the account's domain as host and add xmpp=%s.",
				f.endpoint(), f.reading.StreamTo, f.reading.TCPHost)
		},
		fix:   (*facts).parentDomain,
		admin: "Prosody: VirtualHost \"DOMAIN\"; ejabberd: hosts.",
	},
	{
		code: "host-gone", causes: streamEnded, when: failedWith("host-gone"),
		help:  "The server used to serve the domain and does so no longer.",
		text:  "Ask the domain's owner where its accounts went.",
		title: func(f *facts) string { return fmt.Sprintf("%s is no longer served here.", f.reading.StreamTo) },
	},
	{
		code: "see-other-host",
		remedy: remedy{edit: "connect to the host that the server names: xmpp= and port",
			cost: "Whoever could write into the stream picks the next server."},
		causes: streamEnded, when: failedWith("see-other-host"),
		help: "The server sends its clients to another host.",
		text: "We do not follow by ourselves: whoever can write that line could pick our next peer. xmpp= goes there; " +
			"the certificate is checked against the account's domain as before (RFC 6120 section 4.9.3.19).",
		title: func(f *facts) string {
			return fmt.Sprintf("The server sends us to another host: %s.", cmp.Or(f.failure.Host, "it does not say which"))
		},
		fix: func(f *facts) *Fix {
			host, port := splitHostPort(f.failure.Host)
			if host == "" || strings.ContainsAny(host, " &;?/\\") {
				return nil
			}
			if port == 0 {
				port = f.reading.Port
			}
			return f.edit("connect to "+urlspec.JoinHostPort(host, port), setHost(host), setPort(port))
		},
		admin: "Give the other host an address that its users can reach, or take the redirection out of the server or of " +
			"the load balancer before it.",
	},
	{
		code:   "too-many-logins",
		remedy: remedy{edit: "retry=0"},
		causes: streamEnded, when: policy("authentication"),
		help: "The server counted too many failed logins from this address and bars it for a while.",
		text: "Wait before the next attempt: every further one makes it longer, so retry= makes it worse. " +
			"Then correct user and password.",
		title: func(f *facts) string { return "Too many failed logins: the server bars us for a while." },
		explain: func(f *facts) string {
			return "It said: " + f.said() + " Wait before the next attempt, since every further one makes it longer; " +
				"then correct user and password."
		},
		fix: func(f *facts) *Fix {
			if f.reading.Retry == 0 {
				return nil
			}
			fix := f.edit("retry=0, since retries make it worse", SetParam("retry", "0"))
			if fix != nil {
				fix.Later = true
			}
			return fix
		},
		admin: "ejabberd: mod_fail2ban (ejabberdctl unban_ip ADDRESS); " +
			"Prosody: mod_limits, or a fail2ban that reads its log.",
	},
	{
		code:   "stanza-too-big",
		remedy: remedy{edit: "overflow=split"},
		causes: streamEnded, when: policy("too big"),
		help:  "The message is longer than the server takes.",
		text:  "Apprise splits only at 32768 characters, and only with overflow=split. Send less, or as a link.",
		title: func(f *facts) string { return "The message is larger than this server takes, and it hung up." },
		fix: func(f *facts) *Fix {
			if f.reading.Overflow == "split" {
				return nil
			}
			return f.edit("overflow=split (cuts at 32768 characters)", SetParam("overflow", "split"))
		},
		admin: "Prosody: c2s_stanza_size_limit; ejabberd: max_stanza_size of the listener.",
	},
	{
		code: "policy-violation", causes: streamEnded, when: failedWith("policy-violation"),
		help:  "The server ended the stream because of a rule of its own.",
		text:  "Its text says which.",
		title: func(f *facts) string { return "The server's policy forbids this: " + f.said() },
	},
	{
		code:   "resource-conflict",
		remedy: remedy{edit: "leave the resource out of the user part", safe: true},
		causes: streamEnded, when: failedWith("conflict"),
		help:  "Another session logged in with the same resource, and the server ended ours.",
		text:  "Without a resource in the URL's user part the server gives each session one of its own.",
		title: func(f *facts) string { return "Another session with the same resource took over." },
		explain: func(f *facts) string {
			return "Two programs log in as " + f.reading.LoginJID + ". Without a resource in the user part the server gives " +
				"each session one of its own."
		},
		fix: (*facts).dropResource,
	},
	{
		code: "server-trouble", causes: streamEnded,
		when: failedWith("resource-constraint", "system-shutdown", "internal-server-error", "connection-timeout",
			"remote-connection-failed", "reset"),
		help: "The server itself is in trouble or going down; nothing is wrong with the URL.",
		text: "Try again later. Apprise's retry= helps only where Apprise reports a failure.",
		title: func(f *facts) string {
			return "The server ended the session for reasons of its own: " + f.said()
		},
		admin: "The server's log at this time says why.",
	},
	{
		code: "not-well-formed", causes: streamEnded,
		when: failedWith("not-well-formed", "bad-format", "invalid-xml", "restricted-xml", "unsupported-encoding",
			"bad-namespace-prefix", "unsupported-stanza-type"),
		help: "The server could not read what was sent.",
		text: "We check for characters that XML cannot carry before we send, so this is more likely the server's fault or " +
			"ours than the message's.",
		title: func(f *facts) string { return "The server could not read what we sent: " + f.said() },
	},
	{
		code: "header-refused", causes: streamEnded,
		when: failedWith("invalid-from", "improper-addressing", "unsupported-version", "invalid-namespace",
			"unsupported-feature"),
		help: "The server does not accept how we opened the stream: our address, its own, or the version.",
		text: "Client and server do not fit together. No edit of the URL helps, unless the domain is misspelt.",
		title: func(f *facts) string {
			return "The server does not accept how we opened the stream: " + f.said()
		},
		explain: func(f *facts) string {
			s := fmt.Sprintf("We opened the stream to %s as %s.", f.reading.StreamTo, f.bareLogin())
			if f.Stream != nil && f.Stream.From != "" {
				s += " The server called itself " + f.Stream.From + "."
			}
			return s
		},
	},
	{
		code: "stream-error", causes: streamEnded,
		help:  "The server ended the stream with an error (RFC 6120 section 4.9.3).",
		text:  "Its condition and text are all that it says.",
		title: func(f *facts) string { return "The server ended the stream: " + f.said() },
	},
}

// said is the peer's condition and text, for the end of a sentence.
func (f *facts) said() string {
	text := strings.TrimRight(f.failure.Text, ". ")
	switch {
	case f.failure.Condition == "" && text == "":
		return cmp.Or(strings.TrimRight(f.failure.Detail, ". "), "it gave no reason") + "."
	case f.failure.Condition == "":
		return text + "."
	case text == "":
		return f.failure.Condition + "."
	}
	return f.failure.Condition + " (" + text + ")."
}
