//go:build unix

package ending

import (
	"fmt"
	"os"
	"syscall"
)

// takeDescriptors lets Go take the two descriptors with which it waits for files and
// connections, as it otherwise does when it first has to wait. If there are none then,
// it ends the program with a stack trace, which says nothing to the person.
func takeDescriptors() error {
	if err := enough(3); err != nil { // those and the file below
		return fmt.Errorf("this machine lets us open nothing more (ulimit -n): %w", err)
	}
	if file, err := os.Open(os.DevNull); err == nil { // without such a file it is as it was
		file.Close()
	}
	return nil
}

// enough reports an error where a number of descriptors cannot be opened.
func enough(number int) error {
	for range number {
		held, err := syscall.Dup(syscall.Stderr)
		if err != nil {
			return err
		}
		defer syscall.Close(held)
	}
	return nil
}
