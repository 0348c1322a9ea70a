package ui

import (
	"context"
	"os/exec"
	"slices"
	"strings"
)

// ours is how the names of our own variables begin. XMPPSCOPE_PASSWORD is one of
// them, and XMPPSCOPE_URL may hold a password.
const ours = "XMPPSCOPE_"

// child is a program that the screen starts: all of them are made here. It gets
// the environment that we got, without what is meant for us. That is never nil,
// since os/exec would then take the whole of ours.
func (s *screen) child(ctx context.Context, command []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = slices.DeleteFunc(append([]string{}, s.opts.Environ...), func(entry string) bool {
		return len(entry) >= len(ours) && strings.EqualFold(entry[:len(ours)], ours)
	})
	return cmd
}
