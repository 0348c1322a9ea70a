package finding

import (
	"cmp"
	"slices"
	"strings"
)

// lists says what it means that a server offers mechanisms of a kind, none of which we
// know, and what Apprise does then.
var lists = []struct {
	prefixes       []string
	means, apprise string
}{
	{[]string{"ANONYMOUS"}, "The domain is for guests without an account: the account's domain is another one.",
		"Apprise does not log in as a guest."},
	{[]string{"EXTERNAL"}, "The server knows clients by a certificate of their own, which an Apprise URL cannot carry.",
		nothingSent},
	{[]string{"OAUTHBEARER", "X-OAUTH2", "X-TOKEN", "HT-", "X-FACEBOOK", "X-GOOGLE"}, "The server takes tokens " +
		"that another service gives out, and no password.", nothingSent},
	{[]string{"SCRAM-SHA3-"}, "The server has stored the password in a way that is too new for us and for Apprise.",
		nothingSent},
	{[]string{"DIGEST-MD5", "CRAM-MD5"}, "Such mechanisms are obsolete (RFC 6331), and we do not speak them.", ""},
	{[]string{"GSSAPI", "GS2-", "GSS-", "NTLM"}, "The server belongs to a Windows or Kerberos domain and wants " +
		"its tickets.", "Apprise has none."},
}

const (
	nothingSent = "Apprise reports success and sends nothing."
	// digest is the one of them that Apprise speaks.
	digest = "DIGEST-MD5"
)

// meaningOfList says what the list of mechanisms means, as further sentences. A list
// with something in it that has no meaning here has none.
func (f *facts) meaningOfList() string {
	if f.SASL == nil {
		return ""
	}
	var meanings, apprise string
	explained := 0
	for _, l := range lists {
		before := explained
		for _, mechanism := range f.SASL.Offered {
			if slices.ContainsFunc(l.prefixes, func(p string) bool {
				return strings.HasPrefix(strings.ToUpper(mechanism), p)
			}) {
				explained++
			}
		}
		if explained > before {
			meanings += " " + l.means
			apprise = cmp.Or(apprise, l.apprise)
		}
	}
	switch {
	case slices.Contains(f.SASL.Offered, digest):
		return " Apprise does: it logs in with " + digest + ", which is obsolete (RFC 6331), and delivers."
	case explained < len(f.SASL.Offered):
		return ""
	case apprise != "":
		meanings += " " + apprise
	}
	return meanings
}
