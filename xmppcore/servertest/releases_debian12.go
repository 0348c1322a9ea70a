//go:build servers && !newservers

package servertest

// withNewer is false: only what is installed runs.
const withNewer = false
