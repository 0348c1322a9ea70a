package finding

import (
	"fmt"
	"slices"
	"strings"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// wholeRun is true of the run as a whole, and of no room or delivery of it.
func wholeRun(f *facts) bool { return f.room == nil && f.delivery == nil }

// advice is the catalogue of what is worth saying although nothing failed. All
// that fit are given, and none on a plain run that went well.
var advice = []rule{
	{
		code: "ipv6-broken", severity: urlspec.Warning, stage: event.StageTCP,
		help: "The host has an IPv6 address that cannot be reached from here; IPv4 worked.",
		text: "The machine has no route there. Apprise goes on to the next address then, as we do.",
		when: func(f *facts) bool { return wholeRun(f) && f.brokenIPv6() },
		title: func(f *facts) string {
			return fmt.Sprintf("%s cannot be reached over IPv6 from here; IPv4 worked.", f.reading.TCPHost)
		},
		admin: "Repair the IPv6 route, or take the AAAA record out of DNS.",
	},
	{
		code: "certificate-unchecked", severity: urlspec.Warning, stage: event.StageTLS,
		help: "verify=no let a certificate pass that would not have passed the check.",
		text: "Anybody on the way could show such a certificate, and read the password if the login is PLAIN. " +
			"It is better to have the certificate mended, or to trust its authority, and to take verify=no out.",
		when: func(f *facts) bool {
			return wholeRun(f) && f.TLS != nil && !f.TLS.Verified && f.TLS.Problem != "" && !f.failed(event.StageTLS)
		},
		title: func(f *facts) string {
			return "The certificate would not have passed the check that verify=no leaves out."
		},
		explain: func(f *facts) string {
			return "What is wrong with it: " + strings.TrimRight(f.TLS.Problem, ".") + ". Anybody on the way could show such " +
				"a certificate. It is better to have it mended, or to trust its authority with SSL_CERT_FILE, and to take " +
				"verify=no out."
		},
		admin: "Get a certificate from a public authority that names the account's domain.",
	},
	{
		code: "scram-few-iterations", severity: urlspec.Warning, stage: event.StageSASL,
		help: "The server stores the password with fewer iterations than the standard asks for.",
		text: "RFC 5802 wants 4096 at least: the fewer, the faster a stolen password file can be tried out.",
		when: func(f *facts) bool {
			return wholeRun(f) && f.SASL != nil && f.SASL.Iterations > 0 && f.SASL.Iterations < 4096 &&
				!f.failed(event.StageSASL)
		},
		title: func(f *facts) string {
			return fmt.Sprintf("Only %s protect the password on the server.", event.Count(f.SASL.Iterations, "iteration"))
		},
		admin: "Prosody: scram_iterations (the default is 10000), then set the passwords anew.",
	},
	{
		code:     "scramplus-breaks-apprise",
		remedy:   remedy{edit: "take scramplus=no out", safe: true},
		severity: urlspec.Warning, stage: event.StageFeatures,
		help: "scramplus=no lets us log in, but keeps Apprise out of this server.",
		text: "With it, slixmpp says that it could bind the login to TLS and believes that the server cannot. " +
			"This server offers just that, so it must refuse (RFC 5802 section 6). Without the parameter Apprise logs in.",
		when: func(f *facts) bool { return wholeRun(f) && f.failure == nil && f.loggedIn() && f.refusesFlagY() },
		title: func(f *facts) string {
			return "Apprise cannot log in here with scramplus=no, although we can."
		},
		fix: func(f *facts) *Fix { return f.edit("remove scramplus=no", RemoveParam("scramplus")) },
	},
	{
		code: "bound-elsewhere", severity: urlspec.Warning, stage: event.StageBind,
		help: "The server gave us an address of another account or domain than the URL asks for.",
		text: "The server may map names, or log everybody in as one account. Messages come from that address, and answers " +
			"go there.",
		when: func(f *facts) bool {
			return wholeRun(f) && f.Bind != nil && !strings.EqualFold(bareJID(f.Bind.JID), canonicalBare(f.reading.LoginJID))
		},
		title: func(f *facts) string {
			return fmt.Sprintf("We logged in as %s, and the server calls us %s.", f.bareLogin(), bareJID(f.Bind.JID))
		},
		admin: "Look at how the server maps logins to accounts (LDAP, authzid, an alias of the virtual host).",
	},
	{
		code: "room-text-changed", severity: urlspec.Warning,
		help: "The room sent our message to its occupants with another text.",
		text: "A filter or a bot of the room changes messages. It arrived all the same.",
		when: func(f *facts) bool { return f.delivery != nil && f.delivery.Changed && f.delivery.Good() },
		title: func(f *facts) string {
			return fmt.Sprintf("%s changed the text of our message.", f.delivery.To)
		},
		admin: "Look for a module of the room service that filters or rewrites messages.",
	},
	{
		code:     "roster-too-long",
		remedy:   remedy{edit: "take roster=yes out"},
		severity: urlspec.Warning, stage: event.StageRoster,
		help: "The account's roster is longer than we read.",
		text: "We logged in again and went on without it, since messages need no roster. Apprise reads all of it, " +
			"within the time that cto= gives. Without roster=yes it is not asked for.",
		when: func(f *facts) bool { return wholeRun(f) && f.rosterTooLong() },
		title: func(f *facts) string {
			return fmt.Sprintf("The roster of %s is longer than we read.", f.bareLogin())
		},
		explain: func(f *facts) string {
			return "Why: " + strings.TrimRight(f.Stage(event.StageRoster).Failure.Detail, ".") + ". We logged in " +
				"again and went on without it, since messages need no roster. Without roster=yes it is not asked for."
		},
		fix: func(f *facts) *Fix { return f.edit("remove roster=yes", RemoveParam("roster")) },
	},
	{
		code:     "roster-refused",
		remedy:   remedy{edit: "take roster=yes out"},
		severity: urlspec.Info, stage: event.StageRoster,
		help: "The server did not give the roster that roster=yes asks for.",
		text: "Nothing depends on it: messages need no roster. Without roster=yes nothing is waited for.",
		when: func(f *facts) bool {
			s := f.Stage(event.StageRoster)
			return wholeRun(f) && s != nil && s.State == event.Warn && !f.rosterTooLong()
		},
		title: func(f *facts) string { return "The server did not give us the roster." },
		fix:   func(f *facts) *Fix { return f.edit("remove roster=yes", RemoveParam("roster")) },
		admin: "Prosody: the module roster; ejabberd: mod_roster.",
	},
	{
		code: "room-created", severity: urlspec.Warning,
		help: "The room did not exist, and joining it has just created it.",
		text: "So a mistyped room gets the messages, and nobody is there to read them (XEP-0045 section 10.1, status 201).",
		when: func(f *facts) bool { return f.joined() && slices.Contains(f.room.Codes, 201) },
		title: func(f *facts) string {
			return fmt.Sprintf("%s did not exist: joining has just created it, empty.", f.room.JID)
		},
		admin: "Let only administrators create rooms (Prosody: restrict_room_creation; ejabberd: access_create).",
	},
	{
		code:     "room-nick-changed",
		remedy:   remedy{edit: "take the nick that the room gave: name="},
		severity: urlspec.Info,
		help:     "The room service gave us another nick than the URL asks for.",
		text:     "The messages show under that one (XEP-0045 section 7.2.2, status 210).",
		when: func(f *facts) bool {
			return f.joined() && (slices.Contains(f.room.Codes, 210) || f.room.Nick != f.reading.Nick)
		},
		title: func(f *facts) string {
			return fmt.Sprintf("In %s we are called %q, not %q.", f.room.JID, f.room.Nick, f.reading.Nick)
		},
		fix: func(f *facts) *Fix {
			if f.reading.Keepalive || f.room.Nick == "" || cleanNick(f.room.Nick) != f.room.Nick ||
				f.room.Nick == f.reading.Nick {
				return nil
			}
			return f.edit("take that nick: name="+f.room.Nick, SetParam("name", f.room.Nick))
		},
	},
	{
		code: "room-visitor", severity: urlspec.Warning,
		help: "The room lets the account listen, and perhaps not speak.",
		text: "It came in as a visitor, and in a moderated room visitors have no voice. " +
			"Only a message shows whether this one takes it.",
		when: func(f *facts) bool { return f.joined() && f.Kind == model.Check && f.room.Role == "visitor" },
		title: func(f *facts) string {
			return fmt.Sprintf("%s may have no voice in %s.", f.bareLogin(), f.room.JID)
		},
		admin: "Make the account a member of the room, or let newcomers speak (ejabberd: members_by_default).",
	},
	{
		code: "remote-unheard", severity: urlspec.Info,
		help: "The target is on another server, which has not been heard from.",
		text: "The account's server took the message and has not sent it back so far. " +
			"What cannot be delivered elsewhere may come back after minutes, or never.",
		when: func(f *facts) bool {
			return f.delivery != nil && f.failure == nil && f.delivery.Kind == string(urlspec.Chat) &&
				f.delivery.Evidence == event.Accepted && !strings.EqualFold(f.service(), f.reading.StreamTo) &&
				!f.heardOf(f.service())
		},
		title: func(f *facts) string {
			return fmt.Sprintf("Nothing was heard from %s, where the message to %s goes.",
				urlspec.DomainOf(f.delivery.To), f.delivery.To)
		},
	},
}

// remarkable lists what advice may be given on: the run as a whole, and each
// room and delivery that did not fail.
func (r run) remarkable() []*facts {
	all := []*facts{r.about(r.Failure, nil)}
	for i := range r.Rooms {
		room := &r.Rooms[i]
		if r.roomFailure(room) == nil {
			f := r.about(nil, r.roomEvents(room.JID))
			f.room = room
			all = append(all, f)
		}
	}
	for i := range r.Deliveries {
		d := &r.Deliveries[i]
		if d.ID != "" && d.Error == nil {
			f := r.about(nil, r.itemEvents(d.ID))
			f.delivery = d
			all = append(all, f)
		}
	}
	return all
}

// heardOf reports whether something came back from a domain, whoever there it was about.
func (f *facts) heardOf(domain string) bool {
	if f.edits.heard == nil { // once for all deliveries: there can be thousands
		f.edits.heard = map[string]bool{}
		for i := range f.Deliveries {
			if d := &f.Deliveries[i]; d.Error != nil || d.Evidence == event.Reflected || d.Evidence == event.Received {
				f.edits.heard[strings.ToLower(urlspec.DomainOf(d.To))] = true
			}
		}
	}
	return f.edits.heard[strings.ToLower(domain)]
}

// rosterTooLong reports whether the roster broke a limit of ours.
func (r run) rosterTooLong() bool {
	s := r.Stage(event.StageRoster)
	return s != nil && s.State == event.Warn && s.Failure != nil && s.Failure.Cause == event.CauseTooBig
}

// joined reports whether it is about a room that we are in.
func (f *facts) joined() bool { return f.room != nil && f.room.Joined }

// failed reports whether a stage failed.
func (r run) failed(name event.Stage) bool {
	s := r.Stage(name)
	return s != nil && s.State == event.Fail
}

// brokenIPv6 reports whether an attempt at an IPv6 address found no route, when an
// IPv4 address answered. One that says nothing is address-dead.
func (r run) brokenIPv6() bool {
	if r.TCP == nil || r.TCP.Address == "" || strings.HasPrefix(r.TCP.Address, "[") {
		return false
	}
	return slices.ContainsFunc(r.Current(), func(e event.Event) bool {
		return e.Stage == event.StageTCP && strings.HasPrefix(e.Item, "[") && e.State == event.Warn && e.Failure != nil &&
			e.Failure.Cause == event.CauseUnreachable
	})
}
