//go:build !unix

package plain

import (
	"io/fs"
	"os"
	"path/filepath"
)

// keepOwner has nothing to keep where files have no numeric owner.
func keepOwner(*os.File, fs.FileInfo) error { return nil }

// links is how many names a file has, as far as is known.
func links(fs.FileInfo) int { return 1 }

// identity is the same for all names of one file, as far as is known.
func identity(name string, _ fs.FileInfo) string {
	if path, err := filepath.EvalSymlinks(name); err == nil {
		name = path
	}
	if path, err := filepath.Abs(name); err == nil {
		return path
	}
	return name
}
