package urlspec

import "strings"

// aliases are names that other programs and older notes use.
var aliases = map[string]string{
	"nick": "name", "nickname": "name", "muc_nick": "name", "server": "xmpp", "host": "xmpp", "hostname": "xmpp",
	"xmpp_host": "xmpp", "xmpphost": "xmpp", "target": "to", "targets": "to", "recipient": "to", "recipients": "to",
	"jid": "to", "room": "to", "rooms": "to", "channel": "to", "username": "user", "timeout": "cto",
	"connect_timeout": "cto", "retries": "retry", "delay": "wait", "secure": "mode", "security": "mode",
	"timezone": "tz", "emoji": "emojis", "title": "subject", "passwd": "password", "pwd": "password",
	"verify_ssl": "verify", "ssl_verify": "verify", "verify_certificate": "verify", "scram_plus": "scramplus",
	"keep_alive": "keepalive", "overflow_mode": "overflow",
}

// Nearest is the known parameter that an unknown name was probably meant for,
// or "".
func Nearest(name string) string {
	name = strings.ReplaceAll(lower(name), "-", "_")
	if len(name) > 24 {
		return ""
	}
	if meant, ok := aliases[name]; ok {
		return meant
	}
	best, least := "", 1+len(name)/4
	for _, p := range parameters {
		d := editDistance(name, p.Name)
		if len(name) >= 3 && strings.HasPrefix(p.Name, name) {
			d = 1
		}
		if d <= least && (best == "" || d < least) {
			best, least = p.Name, d
		}
	}
	return best
}
