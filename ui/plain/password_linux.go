package plain

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// silence turns the echo of a terminal off.
func silence(fd int) error {
	mode, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return err
	}
	mode.Lflag &^= unix.ECHO
	return unix.IoctlSetTermios(fd, unix.TCSETS, mode)
}

// readSilently reads a line from a terminal that is silent already.
func readSilently(in *os.File) ([]byte, error) {
	line, err := bufio.NewReader(in).ReadBytes('\n')
	if errors.Is(err, io.EOF) && len(line) > 0 {
		err = nil
	}
	return bytes.TrimRight(line, "\r\n"), err
}
