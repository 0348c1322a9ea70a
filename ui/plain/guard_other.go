//go:build !linux

package plain

import "os"

// fileGuard guards nothing where the system has no leases.
type fileGuard struct{}

func guardFile(*os.File) (*fileGuard, error) { return &fileGuard{}, nil }

func (*fileGuard) release() {}

func (*fileGuard) wait(changed func() bool) { waitWithoutLease(changed) }
