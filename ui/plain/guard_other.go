//go:build !linux

package plain

import (
	"context"
	"os"
)

// fileGuard guards nothing where the system has no leases.
type fileGuard struct{}

func guardFile(context.Context, *os.File) (*fileGuard, error) { return &fileGuard{}, nil }

func (*fileGuard) release() {}

func (*fileGuard) wait(changed func() bool) { waitWithoutLease(changed) }
