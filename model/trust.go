package model

// AppriseTrust is what Apprise's certifi is taken to be: the list of authorities
// that Apprise trusts. That depends on how it was installed, which cannot be seen
// from here. The zero value is Mozilla's.
type AppriseTrust string

// The lists. Installations by pip and in containers bring Mozilla's; Debian and
// its kin put the system's in its place.
const (
	TrustMozilla AppriseTrust = "mozilla"
	TrustSystem  AppriseTrust = "system"
	// TrustDemo is for the demo, whose authority nobody can have installed.
	TrustDemo AppriseTrust = "demo"
)

// trusts is the one table of them: what a verdict is said to assume, as a code and
// as a clause. The first two are values of --apprise-trust.
var trusts = [...]struct {
	trust      AppriseTrust
	code, text string
}{
	{TrustMozilla, "certifi-mozilla", "Apprise's certifi is Mozilla's list, as pip and Docker install it " +
		"(on Debian it is the system's: --apprise-trust system)"},
	{TrustSystem, "certifi-system", "Apprise's certifi is this machine's list, as on Debian"},
	{TrustDemo, "demo-authority", "Apprise trusts the demo's authority"},
}

// Trusts are the values of --apprise-trust, the default first.
func Trusts() []string { return []string{string(TrustMozilla), string(TrustSystem)} }

// row is the place of a list in the table; of one that is not there it is the first.
func (t AppriseTrust) row() int {
	for i, known := range trusts {
		if known.trust == t {
			return i
		}
	}
	return 0
}

// Code is the assumption as JSON has it: "certifi-mozilla".
func (t AppriseTrust) Code() string { return trusts[t.row()].code }

// Assumption is the assumption in words, for behind "this holds if".
func (t AppriseTrust) Assumption() string { return trusts[t.row()].text }

// OfThisMachine reports whether Apprise is taken to trust the authorities that our
// own runs trust.
func (t AppriseTrust) OfThisMachine() bool { return trusts[t.row()].trust != TrustMozilla }
