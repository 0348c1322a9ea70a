package xmppcore

import (
	"errors"
	"os"
	"syscall"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// ownLimit reports whether the operating system refused something because this
// process or this machine has no more of it: file descriptors, memory. No server
// can help that.
func ownLimit(err error) bool {
	for _, errno := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM} {
		if errors.Is(err, errno) {
			return true
		}
	}
	return false
}

// starved is the operating system's word that this process can open nothing more
// just now, nil while it can. Some failures do not say so: a look-up that cannot
// read the hosts file finds no host.
func starved() error {
	file, err := os.Open(os.DevNull)
	switch {
	case err == nil:
		file.Close()
	case ownLimit(err):
		return err
	}
	return nil
}

// ownFailure is the failure of a stage for want of what this machine has no more of.
func ownFailure(stage event.Stage, err error) *event.Failure {
	return &event.Failure{Stage: stage, Cause: event.CauseOwnLimit, Detail: wire.Safe(err.Error())}
}
