// Package urltest makes texts in which a password stands where a person may have
// put one: ordinary and half-typed URLs, ones with a delimiter too many, several
// in one text, encoded ones, and what is pasted around them.
//
// Each package that shows something of such texts looks for the password in what
// it shows:
//
//	for _, text := range urltest.Shapes() {
//		if urltest.Leaks(draw(text)) {
//			t.Errorf("%s shows its password", text)
//		}
//	}
package urltest

import "strings"

// Canary is the password of every shape. No four characters of it stand anywhere
// else.
const Canary = "Zq7xKv2mPw9L"

// Leaks says whether a text holds a part of the canary: four characters in a
// row, in any case.
func Leaks(text string) bool {
	text, canary := strings.ToLower(text), strings.ToLower(Canary)
	for i := range len(canary) - 3 {
		if strings.Contains(text, canary[i:i+4]) {
			return true
		}
	}
	return false
}

// Shapes are all texts. Left out is what nothing tells from an ordinary URL: in
// pa@ss/word@host the "ss" is a host.
func Shapes() []string {
	var out []string
	for _, user := range users {
		for _, sep := range separators {
			for _, end := range ends {
				if told(user, sep, end) {
					out = append(out, "xmpps://"+user+sep+Canary+end)
				}
			}
		}
	}
	for _, user := range []string{"alice", "al-ice", "alice@example.net"} {
		for _, sign := range strange {
			for _, end := range ends {
				if end != ":x@h" && (sign != "\t" || strings.HasPrefix(end, "@")) {
					out = append(out, "xmpps://"+user+sign+Canary+end)
				}
			}
		}
	}
	for _, wrap := range wraps {
		for _, login := range []string{"alice:", "alice/", "alice:p@", "alice：", "alice&", "alice:@#"} {
			for _, end := range []string{"@h", "@example.com/bob", "@1.example/bob?x"} {
				if wrap == "URL" && login == "alice/" {
					continue // a path like any other
				}
				out = append(out, strings.Replace(wrap, "URL", login+Canary+end, 1))
			}
		}
	}
	for _, place := range places {
		out = append(out, strings.ReplaceAll(place, "§", Canary))
	}
	return out
}

// Typed are the shapes as they are while they are typed, from the fourth
// character of the password on. Left out is what nothing tells from something
// ordinary yet: behind an "@" stands a host, a user part without a ":" is the
// user, and behind the name of a host or another scheme's stands a path.
func Typed() []string {
	var out []string
	seen := map[string]bool{}
	for _, text := range append(Shapes(), Kinds()...) {
		at := strings.Index(text, Canary)
		for end := at + 4; end <= len(text); end++ {
			if typed := text[:end]; !seen[typed] && toldYet(text[:at], typed) {
				seen[typed] = true
				out = append(out, typed)
			}
		}
	}
	return out
}

// toldYet says whether anything tells that what follows before is a password.
func toldYet(before, typed string) bool {
	switch last := before[max(0, len(before)-1):]; {
	case last == "@", last == "\t" && strings.Contains(before, "@"):
		return strings.Contains(strings.TrimPrefix(typed[len(before):], Canary), "@")
	case strings.HasSuffix(before, "://"), before == `"`, before == "xmpps:/":
		return strings.Contains(typed, "jid=") || strings.Contains(typed, "user=")
	case last == "/", last == "#", last == "?":
		host := before[:len(before)-1]
		return strings.Contains(typed, "@") || !strings.HasSuffix(host, "al.ice") && host != "json://alice"
	}
	return true
}

// Kinds is one shape of each kind, for what takes long.
func Kinds() []string {
	out := []string{
		"xmpps://alice:" + Canary + "@example.com/bob", "xmpps://alice:P@" + Canary + "@h/bob",
		"xmpps://alice:@#" + Canary + "@h", "xmpps://alice/" + Canary + "@h/bob", "xmpps://alice#x:" + Canary + "@h",
		"xmpps://alice&" + Canary + ":h", "xmpps://me@example.net:a/" + Canary + "@h",
	}
	for _, sign := range strange {
		if sign != "\t" { // to people, the second of two words
			out = append(out, "xmpps://alice"+sign+Canary+"@h")
		}
	}
	for _, wrap := range wraps {
		out = append(out, strings.Replace(wrap, "URL", "alice:"+Canary+"@h/bob", 1))
	}
	for _, place := range places {
		out = append(out, strings.ReplaceAll(place, "§", Canary))
	}
	return out
}

var (
	users = []string{"alice", "al.ice", "alice%40example.net", "alice@example.net", "", "8", "al-ice", "al%20ice"}

	separators = []string{":", "/", "#", "?", "&", "@", "%3A", "%253A", "：", ":@", "::", ":/", ":#", ":?", ":@#", ":@/",
		":x@", ":x:", ":x#", ":x?", ":x/", ": ", " :", ":[", ":%", ":x&y="}

	// strange are signs that no user has in the name.
	strange = []string{"|", ";", ",", "%", "!", "<", "'", "%7C", "%27", "；", "\t"}

	ends = []string{"@h", "@example.com", "@example.com/bob", "@[::1]:5222", "@müller.example", "@-x", "@h:52x2/bob@h",
		"#x@h", "/x@h", "?x@h", "@@h", ":x@h", "@x@h", "@#x@h", "", "@", "%40h", ":h", "＠h", "]@h", "/#ops@conference.h"}

	wraps = []string{"xmpp://URL", "XMPPS://URL", "  xmpps://URL", "\ufeffxmpps://URL", "xmpps:/URL", "xmpps:URL",
		"xmpps//URL", "URL", "xmpps :// URL", "xmpps：//URL", "\"xmpps://URL\"", "'xmpps://URL'", "“xmpps://URL”",
		"‹xmpps://URL›",
		"APPRISE=xmpps://URL", "APPRISE=\"xmpps://URL\"", "- xmpps://URL", "url: xmpps://URL",
		"{\"url\": \"xmpps://URL\"}", "xmpps://x:y@h/b,xmpps://URL", "xmpps://x:y@h/b xmpps://URL",
		"xmpps://x:y@h/b;xmpps://URL", "xmpps://x:y@h/bxmpps://URL", "json://localhost xmpps://URL", "json://URL",
		"apprise -b x \"xmpps://URL\"", "xmpps://xmpps://URL", "mailto:URL"}

	places = []string{"xmpps://alice:pw@h?password:§", "xmpps://alice@h?pass=§", "xmpps://alice@h?password=§&pass=§",
		"xmpps://alice@h?+pass=§", "xmpps://alice@h?passwd=§", "xmpps://alice@h?pass=a&§", "xmpps://alice@h?XMPP_TOKEN=§",
		"xmpps://alice:pw@h/bob;pass=a §", "xmpps://alice:pw@h/bob#pass=§", "xmpps://alice:pw@h/secret=§/bob",
		"xmpps://alice:pw@h/bob:§@corp.example", "xmpps://alice:pw@h/%23ops:§@conference.h",
		"xmpps://alice:pw@h?to=bob:§@corp.example", "xmpps://alice:pw@h?to=bob,carol:§@corp.example",
		"xmpps://§@h?jid=alice@h", "xmpps://§@h?user=alice", "xmpps://example.com/alice:§@corp.example",
		"xmpps://bob@example.com/alice:§@corp.example", "xmpps%3A%2F%2Falice%3A§%40h", "alice%3A§@h", "alice%253A§%2540h",
		"alice:§", "xmpp:alice:§@h", "xmpp:alice@h?password=§", "XMPP_PASSWORD=§", "--password=§", "\"password\": \"§\"",
		"xmpps:/alice:'§@h", "xmpps://alice%EF%BC%9A§@h", "xmpps://alice%2F§%40h", "xmpps://alice:/a%40§",
		"tag=xmpps://alice:pw@h/bob:§@corp.example", "json://alice:pw@h/bob:§@corp.example",
		"xmmps://alice:pw@h/bob:§@corp.example", "json://§@h?jid=alice@h", "\"§@h?jid=alice@h\"",
		"xmpps:/§@h?jid=alice@h", "xmpps://x:y@h/b,xmpps://alice:pw@h/bob:§@corp.example", "xmpp:alice|§@h?message",
		"xmpps://§%40h%3Fjid%3Dalice%40h", "xmpps://alice@h?pass=a&§@example.com?mode=tls",
		"xmpps://h?user=alice:§", "xmpps://alice:pw@h/#room@muc.h:§", "xmpps://alice@h?pa\u200bss=§",
		"PW=§ xmpps://alice@h",
		"curl -u alice:§ xmpps://h",
		"xmpps://x:y@h/b xmpps://alice:'§@h", "[x](xmpps://alice@example.net:'§@h)", "xmpps://alice：x:§@h"}
)

// told says whether anything tells the password of a shape from a host, a target
// or a parameter.
func told(user, sep, end string) bool {
	bare := !strings.ContainsAny(user+sep, "@") // no "@" before the password
	at := strings.Contains(end, "@")
	switch {
	case strings.HasPrefix(end, ":x@") && strings.ContainsAny(sep, "%：") && sep != ":%":
		return false // a user with an escape in the name, and a password
	case strings.HasSuffix(user, "@example.net") && !strings.HasPrefix(sep, ":"):
		return false // a host, and then a target
	case strings.HasPrefix(sep, ":") && (end == "" || end == "/#ops@conference.h") && !bare:
		return sep == ":" // the password after a whole JID
	case strings.HasPrefix(sep, ":"):
		// Behind an "@" of the password, what stands before the next delimiter is
		// a host.
		return bare || strings.HasPrefix(end, "@") || strings.Contains(sep, "@#") || strings.Contains(sep, "@/")
	case sep == "@":
		return strings.HasPrefix(end, "@") && end != "@"
	case user == "":
		return false // xmpps://§@host is a user
	case sep == " :":
		return true
	}
	return at && end != "@" && !strings.HasPrefix(end, "/#")
}
