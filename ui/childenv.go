package ui

import (
	"slices"
	"strings"
)

// ours is how the names of our own variables begin. XMPPSCOPE_PASSWORD is one of
// them, and XMPPSCOPE_URL may hold a password.
const ours = "XMPPSCOPE_"

// childEnvironment is the environment of a program that the screen starts: the
// one that we got, without what is meant for us. It is never nil, since os/exec
// would then take all of ours.
func (s *screen) childEnvironment() []string {
	return slices.DeleteFunc(append([]string{}, s.opts.Environ...), func(entry string) bool {
		return len(entry) >= len(ours) && strings.EqualFold(entry[:len(ours)], ours)
	})
}
