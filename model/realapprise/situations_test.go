//go:build apprise && servers

package realapprise

import (
	"crypto/tls"
	"strings"
	"testing"
	"time"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/servertest"
)

// kind is a way in which a server is set up for some of the situations.
type kind struct {
	name    string
	options servertest.Options
}

// The kinds of servers.
var (
	usual     = kind{name: "usual"}
	strict    = kind{name: "strict", options: servertest.Options{Strict: true}}
	wrongName = kind{name: "wrong name", options: servertest.Options{Certificate: servertest.WrongName}}
	expired   = kind{name: "expired", options: servertest.Options{Certificate: servertest.Expired}}
	itself    = kind{name: "self-signed", options: servertest.Options{Certificate: servertest.SelfSigned}}
	unusual   = kind{name: "odd ports"}
)

// situation is something that people run into.
type situation struct {
	on   kind
	name string
	url  func(*servertest.Server) string
	// title, body and escapes are the notification; the body is "" for a short one.
	title, body string
	escapes     bool
	// ofBody is true where the notification itself is what keeps it from arriving,
	// which a check cannot know.
	ofBody bool
	// bound leaves the login bound to TLS, also at ejabberd 23.01, which refuses ours.
	bound bool
	// trust is what Apprise is given; empty is the server's own authority, which our
	// run trusts too.
	trust model.AppriseTrust
}

// situations are all of them, made for one server: some are only on one software.
func situations(t *testing.T, software string) []situation {
	t.Helper()
	var all []situation
	on := usual
	add := func(name string, url func(*servertest.Server) string, change ...func(*situation)) {
		s := situation{on: on, name: name, url: url}
		for _, c := range change {
			c(&s)
		}
		all = append(all, s)
	}
	title := func(text string) func(*situation) { return func(s *situation) { s.title = text } }
	body := func(text string) func(*situation) { return func(s *situation) { s.body, s.ofBody = text, true } }
	escaped := func(text string) func(*situation) {
		return func(s *situation) { s.body, s.escapes, s.ofBody = text, true, true }
	}
	mozilla := func(s *situation) { s.trust = model.TrustMozilla }

	// as is a URL over STARTTLS, raw targets and query as they stand in it.
	as := func(user, targets, query string) func(*servertest.Server) string {
		return func(s *servertest.Server) string {
			return raw("xmpps", user, servertest.Domain, s.STARTTLS, targets, query)
		}
	}
	at := func(scheme, domain string, port func(*servertest.Server) int,
		targets, query string) func(*servertest.Server) string {
		return func(s *servertest.Server) string { return raw(scheme, alice, domain, port(s), targets, query) }
	}
	usually := func(s *servertest.Server) int { return s.STARTTLS }
	direct := func(s *servertest.Server) int { return s.DirectTLS }
	plain := func(s *servertest.Server) int { return s.Plain }
	room := func(names ...string) string {
		path := ""
		for _, name := range names {
			path += "/%23" + servertest.Room(name)
		}
		return path
	}

	add("plain STARTTLS", as(alice, "/bob", ""))
	add("plain STARTTLS, and the login is bound to TLS", as(alice, "/bob", ""), func(s *situation) { s.bound = true })
	add("plain direct TLS", at("xmpps", servertest.Domain, direct, "/bob", "mode=tls"))
	add("mode=none, and the server allows it", at("xmpp", servertest.Domain, usually, "/bob", ""))
	add("an authority that only this machine trusts", as(alice, "/bob", ""), mozilla)
	add("an authority that only this machine trusts, direct TLS",
		at("xmpps", servertest.Domain, direct, "/bob", "mode=tls"), mozilla)
	add("an authority that only this machine trusts, verify=no", as(alice, "/bob", "verify=no"), mozilla)
	add("STARTTLS on the direct TLS port", at("xmpps", servertest.Domain, direct, "/bob", "rto=2"))
	add("mode=none on the direct TLS port", at("xmpp", servertest.Domain, direct, "/bob", "rto=2"))
	add("direct TLS on the STARTTLS port", at("xmpps", servertest.Domain, usually, "/bob", "mode=tls"))
	plainDomain := servertest.PlainDomain
	if software == "ejabberd" { // offers no TLS on that port at all
		plainDomain = servertest.Domain
		add("no STARTTLS offered", at("xmpps", plainDomain, plain, "/bob", ""))
		add("mode=none, and no TLS at all", at("xmpp", plainDomain, plain, "/bob", ""))
	} else {
		add("no STARTTLS offered", at("xmpps", plainDomain, plain, "/bob", "verify=no"))
		add("mode=none, and no TLS at all", at("xmpp", plainDomain, plain, "/bob@plain.example.test", ""))
	}

	add("a wrong password", as("alice:nope", "/bob", ""))
	add("a wrong password, optional=yes", as("alice:nope", "/bob", "optional=yes"))
	add("a wrong password, retry=1", as("alice:nope", "/bob", "retry=1&wait=0"))
	add("an unknown user", as("nobody:x", "/bob", ""))
	add("no password", as("alice", "/bob", ""))
	add("a login JID that is illegal", as("al%22ice:alice-pw", "/bob", ""))
	add("a login JID in capitals", as("ALICE:alice-pw", "/bob", ""))
	add("a login with a resource", as("alice%2Fcron:alice-pw", "/bob", ""))
	add("a login with a full JID", as("alice%40example.test:alice-pw", "/bob", ""))
	add("a login outside of ASCII", as("%C3%A9ve:x", "/bob", ""))
	add("scramplus=no", as(alice, "/bob", "scramplus=no"))
	add("scramplus=no, direct TLS", at("xmpps", servertest.Domain, direct, "/bob", "scramplus=no&mode=tls"))
	add("a domain that is not served", at("xmpps", "nohost.example", usually, "/bob", "rto=2"))
	add("a domain that is not served, verify=no", at("xmpps", "nohost.example", usually, "/bob", "verify=no&rto=2"))
	add("a domain that is not served, mode=none", at("xmpp", "nohost.example", usually, "/bob", "rto=2"))
	add("a domain that is not served, direct TLS, verify=no",
		at("xmpps", "nohost.example", direct, "/bob", "mode=tls&verify=no&rto=2"))

	add("a target that does not exist", as(alice, "/nobody", ""))
	add("one of two targets does not exist", as(alice, "/bob/nobody", ""))
	add("a target at another domain", as(alice, "/bob@elsewhere.invalid/bob", ""))
	add("an illegal target first", as(alice, "/bo%2522b/bob", ""))
	add("an illegal target last", as(alice, "/bob/zo%2522b", ""))
	add("a target with a resource", as(alice, "/bob%2Fobs", ""))
	add("a target with a resource that is not there", as(alice, "/bob%2Fnores", ""))
	add("one target in two spellings", as(alice, "/bob/bob@example.test", ""))
	add("one target in capitals", as(alice, "/BOB", ""))
	add("no target", as(alice, "", ""))
	add("every target invalid", as(alice, "/@x", ""))
	add("a gateway that does not run", as(alice, "/bob@sms.example.test", ""))

	add("an open room", as(alice, room("open"), ""))
	add("an open room and a user", as(alice, room("open")+"/bob", ""))
	add("two rooms", as(alice, room("open", "moderated"), ""))
	add("a room, and the user has an @ in the nick", as("alice%40example.test:alice-pw", room("open"), ""))
	add("a room with a resource", as(alice, "", "to=%23"+servertest.Room("open")+"/nick"))
	add("a room with a resource, then a user", as(alice, "/bob", "to=%23"+servertest.Room("open")+"/nick"))
	add("a room named as a user", as(alice, "/"+servertest.Room("open"), ""))
	add("an illegal room", as(alice, "/%2523ro%2522om@"+servertest.RoomService+"/bob", ""))
	for _, cto := range []string{"", "cto=9", "cto=30"} {
		add("a nick that is taken "+cto, as("carol:carol-pw", room("open"), "name=taken&"+cto))
		add("a room with a password "+cto, as("carol:carol-pw", room("secret"), cto))
		add("a room with a password, and a user "+cto, as("carol:carol-pw", room("secret")+"/bob", cto))
		add("an open room, and one with a password "+cto, as("carol:carol-pw", room("open", "secret"), cto))
		add("a room for members "+cto, as("carol:carol-pw", room("members"), cto))
		add("a room that bars us "+cto, as("carol:carol-pw", room("banroom"), cto))
		add("a room without a service "+cto, as(alice, "/%23room", "rto=2&"+cto))
		add("a room at an unknown service "+cto, as(alice, "/%23room@nowhere.example.test", cto))
		add("two rooms that are closed "+cto, as("carol:carol-pw", room("members", "secret")+"/bob", cto))
	}
	add("a room without voice", as("carol:carol-pw", room("moderated"), ""))
	if software == "prosody" { // ejabberd keeps it for a while, so that the second who comes finds one
		add("a room that is not there", as("carol:carol-pw", room("nosuch"), ""))
	}

	add("subject=yes", as(alice, "/bob", "subject=yes"), title("a title"))
	add("a title in the body", as(alice, "/bob", ""), title("a title"))
	add("roster=yes", as(alice, "/bob", "roster=yes"))
	add("emojis", as(alice, "/bob", "emojis=yes"), body(":smile:"))
	for _, cto := range []string{"1", "0", "-1", "30", "nan", "inf"} {
		add("cto="+cto, as(alice, "/bob", "cto="+cto))
	}
	add("retry=2", as(alice, "/bob", "retry=2&wait=0"))
	add("verify=maybe", as(alice, "/bob", "verify=maybe"), mozilla)
	add("keepalive=yes", as(alice, "/bob", "keepalive=yes"))
	add("keepalive=yes, optional=yes", as(alice, "/bob", "keepalive=yes&optional=yes"))
	add("keepalive=yes, a wrong password", as("alice:nope", "/bob", "keepalive=yes"))
	add("keepalive=yes, a room", as(alice, room("open"), "keepalive=yes"))
	add("a body of 40 kB", as(alice, "/bob", ""), body(strings.Repeat("x", 40_000)))
	add("a body of 300 kB", as(alice, "/bob", ""), body(strings.Repeat("x", 300_000)))
	add("a body of 2 MB", as(alice, "/bob", ""), body(strings.Repeat("x", 2_000_000)))
	add("a body in three parts", as(alice, "/bob", "overflow=split&subject=yes"), body(strings.Repeat("x", 70_000)))
	add("U+0001 in the body", as(alice, "/bob", ""), body("a\x01b"))
	add("ESC in the body", as(alice, "/bob", ""), body("a\x1bb"))
	add("U+FFFE in the body", as(alice, "/bob", ""), body("a\ufffeb"))
	add("U+0001 in the body, room and user", as(alice, room("open")+"/bob", ""), body("a\x01b"))
	add("U+0001 in the subject", as(alice, "/bob", "subject=yes"), title("a\x01b"), body("hello"))
	add("a surrogate pair by two escapes", as(alice, "/bob", ""), escaped(`\ud83d\ude00`))

	on = strict
	add("mode=none, and TLS is required", at("xmpp", servertest.Domain, usually, "/bob", ""))
	add("TLS is required", as(alice, "/bob", ""))
	for _, of := range []kind{wrongName, expired, itself} {
		on = of
		add("a certificate: "+of.name, as(alice, "/bob", ""))
		add("a certificate: "+of.name+", direct TLS", at("xmpps", servertest.Domain, direct, "/bob", "mode=tls"))
		add("a certificate: "+of.name+", verify=no", as(alice, "/bob", "verify=no"))
		add("a certificate: "+of.name+", keepalive=yes", as(alice, "/bob", "keepalive=yes"))
	}
	on = unusual
	if software != "prosody" {
		return all
	}
	for _, odd := range oddPorts(t) {
		of := func(*servertest.Server) int { return odd.port }
		add(odd.name, at("xmpps", servertest.Domain, of, "/bob", "rto=2"))
		add(odd.name+", direct TLS", at("xmpps", servertest.Domain, of, "/bob", "mode=tls&rto=2"))
		add(odd.name+", mode=none", at("xmpp", servertest.Domain, of, "/bob", "rto=2"))
	}
	for _, query := range []string{"", "cto=30", "cto=8"} {
		add("a server that takes 7 s "+query, func(s *servertest.Server) string {
			return raw("xmpps", alice, servertest.Domain, slow(t, s.STARTTLS, 7*time.Second), "/bob", "rto=15&"+query)
		})
		add("a server that takes 14 s "+query, func(s *servertest.Server) string {
			return raw("xmpps", alice, servertest.Domain, slow(t, s.STARTTLS, 14*time.Second), "/bob", "rto=20&"+query)
		})
	}
	add("port 0", func(*servertest.Server) string { return raw("xmpps", alice, servertest.Domain, 0, "/bob", "") })
	add("port 99999", func(*servertest.Server) string { return raw("xmpps", alice, servertest.Domain, 99999, "/bob", "") })
	add("no such host", func(*servertest.Server) string { return "xmpps://alice:alice-pw@nosuchhost.invalid/bob" })
	add("xmpp= with a port", func(s *servertest.Server) string {
		return "xmpps://alice:alice-pw@example.test/bob?xmpp=127.0.0.1:5222"
	})
	return all
}

// alice is the user part of most URLs.
const alice = "alice:alice-pw"

// raw is a URL of the pieces as they are to stand in it.
func raw(scheme, user, domain string, port int, targets, query string) string {
	if query != "" {
		query = "&" + strings.TrimSuffix(query, "&")
	}
	return scheme + "://" + user + "@" + urlspec.JoinHostPort(domain, port) + targets + "?xmpp=127.0.0.1" + query
}

// stands are the servers that all is played on.
func stands() []stand {
	return []stand{
		{"prosody-0.12", "prosody", servertest.Prosody, 0},
		{"prosody-0.12-tls1.2", "prosody", servertest.Prosody, tls.VersionTLS12},
		{"prosody-13", "prosody", servertest.Prosody13, 0}, {"ejabberd-23.01", "ejabberd", servertest.EJabberd, 0},
		{"ejabberd-26", "ejabberd", servertest.EJabberd26, 0},
	}
}

type stand struct {
	name, software string
	start          func(testing.TB, servertest.Options) *servertest.Server
	tls            uint16
}
