//go:build unix

package plain

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives a new file the owner of the one it replaces, where that is
// somebody else's.
func keepOwner(file *os.File, old fs.FileInfo) error {
	stat, known := old.Sys().(*syscall.Stat_t)
	if !known || int(stat.Uid) == os.Geteuid() && int(stat.Gid) == os.Getegid() {
		return nil
	}
	return file.Chown(int(stat.Uid), int(stat.Gid))
}

// links is how many names a file has.
func links(info fs.FileInfo) int {
	if stat, known := info.Sys().(*syscall.Stat_t); known {
		return int(stat.Nlink)
	}
	return 1
}

// identity is the same for all names of one file.
func identity(name string, info fs.FileInfo) string {
	if stat, known := info.Sys().(*syscall.Stat_t); known {
		return fmt.Sprint(stat.Dev, " ", stat.Ino)
	}
	return name
}
