//go:build !unix

package plain

import (
	"io/fs"
	"os"
)

// keepOwner has nothing to keep where files have no numeric owner.
func keepOwner(*os.File, fs.FileInfo) error { return nil }

// links is how many names a file has, as far as is known.
func links(fs.FileInfo) int { return 1 }
