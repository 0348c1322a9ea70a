package plain

import (
	"context"
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// fileGuard keeps a file from being opened for writing, by a lease of the
// kernel's: whoever opens it waits until the lease is given back.
type fileGuard struct {
	file *os.File
	held bool
	kind int
}

// guardFile takes a lease. It fails with errInUse while somebody has the file
// open for writing. On file systems without leases there is none.
func guardFile(ctx context.Context, file *os.File) (*fileGuard, error) {
	g := &fileGuard{file: file, kind: unix.F_RDLCK}
	if flags, err := unix.FcntlInt(file.Fd(), unix.F_GETFL, 0); err == nil && flags&unix.O_ACCMODE != unix.O_RDONLY {
		g.kind = unix.F_WRLCK
	}
	deadline := time.Now().Add(writePatience)
	for {
		err := g.take()
		if !errors.Is(err, unix.EAGAIN) {
			return g, nil
		}
		switch {
		case ctx.Err() != nil:
			return g, ctx.Err()
		case time.Now().After(deadline):
			return g, errInUse
		}
		pause()
	}
}

func (g *fileGuard) take() error {
	_, err := unix.FcntlInt(g.file.Fd(), unix.F_SETLEASE, g.kind)
	g.held = err == nil
	return err
}

func (g *fileGuard) release() {
	if g != nil && g.held {
		_, _ = unix.FcntlInt(g.file.Fd(), unix.F_SETLEASE, unix.F_UNLCK)
		g.held = false
	}
}

// wait lets those in who wait for the file, and returns when they are done, or
// when nobody came.
func (g *fileGuard) wait(changed func() bool) {
	if !g.held {
		waitWithoutLease(changed)
		return
	}
	deadline := time.Now().Add(writePatience)
	for quiet := 0; quiet < 3 && time.Now().Before(deadline); {
		g.release()
		pause()
		if g.take() == nil {
			quiet++
		} else {
			quiet = 0
		}
	}
}
