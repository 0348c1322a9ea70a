package urlspec

import (
	"slices"
	"strings"
)

// This file knows the names under which people write a password down: of
// parameters, of settings and of options of a command.

// secretWords are the words for it, in lower case. A name that ends in one of them
// is that of a password anywhere, one that has it anywhere is so in the query.
var secretWords = [...]string{"pass", "password", "passwd", "passwort", "passe", "passphrase", "passcode", "pwd", "pw",
	"pswd", "psw", "secret", "token", "apikey", "api_key", "api-key", "secret_key", "kennwort", "wachtwoord",
	"contraseña", "contrasena", "clave", "senha", "parola", "heslo", "haslo", "hasło",
	"пароль", "密码", "密碼", "パスワード"}

// secretLetters are names too short to be looked for in other words.
var secretLetters = [...]string{"p", "pin", "mdp", "cred"}

// isSecretName says whether the name of a parameter is a way to write
// "password", as far as one can tell: "pass", "+pass", "passwd", "pw", "pa". What
// cannot be seen in it counts for nothing.
func isSecretName(name string) bool {
	name = strings.TrimLeft(visible(name), "+-: ")
	for _, word := range secretWords {
		if strings.Contains(name, word) {
			return true
		}
	}
	for _, word := range secretLetters {
		if name == word {
			return true
		}
	}
	if len(name) >= 2 && strings.HasPrefix("password", name) {
		return true
	}
	return len(name) < 16 && (editDistance(name, "password") <= 2 || editDistance(name, "pass") <= 1)
}

// namesUser says whether a parameter's name says that its value is a user, who may
// have been written with the password: user=alice:secret.
func namesUser(name string) bool {
	name = visible(name)
	return strings.Contains(name, "user") || strings.Contains(name, "login") || strings.Contains(name, "credential")
}

// visible is a name without what cannot be seen in it, or is white space.
func visible(name string) string {
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c >= 0x7F {
			return seen(name)
		}
	}
	return name
}

// longestName is how far before a sign the name of a password is looked for: as
// far as one with every byte escaped goes.
const longestName = 3 * len("パスワード")

// eachNamed calls f with every place in text, from an offset on, where a value
// begins whose name says that it is a password: behind a sign, or as the next word.
func eachNamed(text string, from int, f func(value int)) {
	for i := from; i < len(text); i++ {
		c, n := text[i], 0
		switch {
		case c == ' ':
			if n = nextWordSecret(text[max(from, i-longestName):i], text[i:]); n == 0 {
				continue
			}
		case c == '>': // <password>secret</password>
			before := text[max(from, i-longestName):i]
			if tag := strings.LastIndexByte(before, '<'); tag < 0 || !endsInSecretWord(before[tag+1:]) {
				continue
			}
			n = 1
		case c == '=' || maySign(c):
			n = signAt(text, i, "=:")
			if n == 0 || !namesSecret(text[max(from, i-longestName):i]) {
				continue
			}
		default:
			continue
		}
		value := i + n
		for value < len(text) && strings.IndexByte(" \"'", text[value]) >= 0 {
			value++
		}
		f(value)
		i = value - 1
	}
}

// namesSecret says whether a text before a sign ends in the name of a password,
// in quotes or not: XMPP_PASSWORD, "pass", api-token.
func namesSecret(before string) bool {
	name := strings.TrimRight(before, "\"' ")
	return endsInSecretWord(name) || endsInSecretWord(unquote(name))
}

// nextWordSecret says how far behind a blank a password begins because of the word
// before it, in a command or in a file of settings: --password secret, -p secret,
// -u alice:secret, XMPP_PASSWORD secret. It is 0 where there is none.
func nextWordSecret(before, behind string) int {
	if before == "" || strings.IndexByte(" =:,", before[len(before)-1]) >= 0 {
		return 0
	}
	next := strings.TrimLeft(behind, " ")
	if next == "" || strings.IndexByte("=:&;#", next[0]) >= 0 {
		return 0
	}
	from := len(behind) - len(next)
	switch word := before[strings.LastIndexAny(before, " \t\r\n")+1:]; {
	case word == "-u", word == "--user":
		if i := strings.IndexByte(next, ':'); i >= 0 && strings.IndexFunc(next[:i], isSpace) < 0 &&
			!strings.HasPrefix(next[i:], "://") {
			return from + i + 1
		}
	case word == "-p": // no port, no path
		if strings.IndexByte("0123456789/.~", next[0]) < 0 {
			return from
		}
	default:
		name := strings.TrimLeft(word, "-")
		if i := strings.LastIndexByte(name, '_'); i >= 0 && strings.ToUpper(name) == name {
			name = name[i+1:]
		}
		if endsInSecretWord(name) && slices.Contains(secretWords[:], strings.ToLower(name)) {
			return from
		}
	}
	return 0
}

// endsInSecretWord says whether a text ends in a word for "password", whatever
// stands before it.
func endsInSecretWord(s string) bool {
	s = visible(s)
	if s == "" {
		return false
	}
	last := s[len(s)-1]
	for _, word := range secretWords {
		if end := word[len(word)-1]; last|0x20 != end|0x20 || len(s) < len(word) {
			continue
		}
		if strings.EqualFold(s[len(s)-len(word):], word) {
			return true
		}
	}
	return false
}
