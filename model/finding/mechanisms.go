package finding

import (
	"slices"
	"strings"
)

// lists says what it means that a server offers mechanisms of one kind only, and
// what Apprise does then. The first kind that has every one of the list counts.
var lists = []struct {
	prefixes []string
	means    string
}{
	{[]string{"ANONYMOUS"}, "The domain is for guests without an account: the account's domain is another one. " +
		"Apprise does not log in as a guest."},
	{[]string{"EXTERNAL"}, "The server knows clients by a certificate of their own, which an Apprise URL cannot carry."},
	{[]string{"OAUTHBEARER", "X-OAUTH2", "X-TOKEN", "HT-", "X-FACEBOOK", "X-GOOGLE"}, "The server takes tokens " +
		"that another service gives out, and no password. Apprise reports success and sends nothing."},
	{[]string{"SCRAM-SHA3-"}, "The server has stored the password in a way that is too new for us and for Apprise, " +
		"which reports success and sends nothing."},
	{[]string{"DIGEST-MD5", "CRAM-MD5"}, "Such mechanisms are obsolete (RFC 6331), and we do not speak them. " +
		"Apprise does: it logs in with DIGEST-MD5, and delivers."},
	{[]string{"GSSAPI", "GS2-", "GSS-", "NTLM"}, "The server belongs to a Windows or Kerberos domain and wants " +
		"its tickets; Apprise has none."},
}

// meaningOfList says what the list of mechanisms means, as further sentences.
func (f *facts) meaningOfList() string {
	if f.SASL == nil || len(f.SASL.Offered) == 0 {
		return ""
	}
	for _, l := range lists {
		foreign := slices.ContainsFunc(f.SASL.Offered, func(mechanism string) bool {
			return !slices.ContainsFunc(l.prefixes, func(p string) bool {
				return strings.HasPrefix(strings.ToUpper(mechanism), p)
			})
		})
		if !foreign {
			return " " + l.means
		}
	}
	return ""
}
