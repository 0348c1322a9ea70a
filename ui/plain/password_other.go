//go:build !linux

package plain

import (
	"os"

	"golang.org/x/term"
)

// silence leaves the echo to readSilently, which turns it off a moment later.
func silence(int) error { return nil }

func readSilently(in *os.File) ([]byte, error) { return term.ReadPassword(int(in.Fd())) }
