//go:build unix

package plain

import (
	"errors"
	"os"
	"syscall"
)

// openRegular opens a file without waiting, should it be a FIFO by now. One
// that was found in a folder is not opened through a symbolic link.
func openRegular(name string, found bool) (*os.File, error) {
	flags := os.O_RDONLY | syscall.O_NONBLOCK
	if found {
		flags |= syscall.O_NOFOLLOW
	}
	file, err := os.OpenFile(name, flags, 0)
	if found && (errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.EMLINK)) {
		return nil, errLink
	}
	return file, err
}

// renamesOverOpen says whether a file can be put in the place of one that is
// open.
const renamesOverOpen = true
