//go:build servers

package servertest

import "testing"

// Release is a release of a server that tests run on.
type Release struct {
	// Name is Server.Name.
	Name  string
	Start func(testing.TB, Options) *Server
}

// Releases are those that tests run on: Debian 12's, and with the build tag
// "newservers" the newer ones as well.
func Releases() []Release {
	releases := []Release{{"prosody", Prosody}, {"ejabberd", EJabberd}}
	if withNewer {
		releases = append(releases,
			Release{"prosody-13", Prosody13}, Release{"prosody-13-sasl2", Prosody13SASL2}, Release{"ejabberd-26", EJabberd26})
	}
	return releases
}
