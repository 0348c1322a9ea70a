//go:build !unix

package plain

import (
	"io/fs"
	"os"
)

// openRegular opens a file. One that was found in a folder is not opened
// through a symbolic link.
func openRegular(name string, found bool) (*os.File, error) {
	if found {
		info, err := os.Lstat(name)
		if err != nil {
			return nil, err
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return nil, errLink
		}
	}
	return os.Open(name)
}

// renamesOverOpen says whether a file can be put in the place of one that is
// open.
const renamesOverOpen = false
