//go:build servers && newservers

package servertest

// withNewer adds the releases that `make test-servers` fetches.
const withNewer = true
