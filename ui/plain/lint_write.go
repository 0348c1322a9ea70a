package plain

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// fileWriter writes files one at a time.
type fileWriter struct {
	// hold says that the program must not end until release is called.
	hold   func() (release func())
	busy   sync.Mutex
	closed bool
}

// close waits for the file that is being written, and lets no other begin.
func (w *fileWriter) close() {
	w.busy.Lock()
	defer w.busy.Unlock()
	w.closed = true
}

// replace puts new content in the place of a file's, if it still is what was
// read: whoever reads the file meanwhile sees the old content or the new, and
// what somebody appends meanwhile is kept. A symbolic link stays one; owner
// and permissions stay. aside is a word about what is special.
func (w *fileWriter) replace(ctx context.Context, name string, old, content []byte, was fs.FileInfo) (
	aside string, err error) {
	w.busy.Lock()
	defer w.busy.Unlock()
	if w.closed {
		return "", nil
	}
	defer w.hold()()
	shown := shownName(name)
	name, err = filepath.EvalSymlinks(name)
	if err != nil {
		return "", Misuse("", "%s cannot be written: %v", shown, reason(err))
	}
	if was.Mode().Perm()&0o222 == 0 {
		return "", Misuse("", "%s is read-only, and stays as it is", shown)
	}
	if links(was) > 1 {
		aside = "; it has other names, so it was written in place"
		err = overwrite(ctx, name, old, content, was)
	} else {
		err = exchange(ctx, name, old, content, was)
	}
	switch {
	case errors.Is(err, context.Canceled):
		return "", err
	case errors.Is(err, errChanged):
		return "", Misuse("run it again", "%s was changed by somebody else meanwhile, and stays as that left it", shown)
	case errors.Is(err, errInUse):
		return "", Misuse("run it again when that is done",
			"%s is open for writing in another program, and stays as it is", shown)
	case err != nil:
		return "", Misuse("", "%s cannot be written: %v", shown, reason(err))
	}
	return aside, nil
}

var (
	errChanged = errors.New("the file was changed")
	errInUse   = errors.New("the file is open elsewhere")
)

// unchanged looks whether a file is still what was read: the same one, of the
// same size, time and content.
func unchanged(file *os.File, name string, old []byte, was fs.FileInfo) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	there, err := os.Stat(name)
	if err != nil {
		return err
	}
	if !os.SameFile(info, was) || !os.SameFile(there, was) || info.Size() != int64(len(old)) ||
		!info.ModTime().Equal(was.ModTime()) {
		return errChanged
	}
	data, err := io.ReadAll(io.NewSectionReader(file, 0, int64(len(old))+1))
	if err != nil {
		return err
	}
	if !bytes.Equal(data, old) {
		return errChanged
	}
	return nil
}

// exchange writes a new file and puts it in the place of the old one.
func exchange(ctx context.Context, name string, old, content []byte, was fs.FileInfo) (err error) {
	if err := writable(name); err != nil {
		return err
	}
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	temporary, err := writeBeside(name, content, was)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, remove(temporary))
		}
	}()
	// From here on nobody else gets the file open for writing, where the
	// system can see to that.
	guard, err := guardFile(ctx, file)
	if err != nil {
		return err
	}
	defer guard.release()
	if err := unchanged(file, name, old, was); err != nil {
		return err
	}
	if !renamesOverOpen {
		return errors.Join(file.Close(), os.Rename(temporary, name))
	}
	if err := os.Rename(temporary, name); err != nil {
		return err
	}
	return keepAppended(file, guard, name, old, was)
}

// writeBeside writes a file with the owner and the permissions of another one,
// in the same folder, and gives its name.
func writeBeside(name string, content []byte, was fs.FileInfo) (temporary string, err error) {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return "", err
	}
	_, err = file.Write(content)
	mode := was.Mode() & (fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky)
	err = errors.Join(err, keepOwner(file, was), file.Chmod(mode), file.Sync(), file.Close())
	if err != nil {
		return "", errors.Join(err, remove(file.Name()))
	}
	return file.Name(), nil
}

// remove removes a file, if it is still there.
func remove(name string) error {
	if err := os.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// keepAppended takes over what was appended to the old file by somebody who
// had opened it under its name just before the new one came there.
func keepAppended(file *os.File, guard *fileGuard, name string, old []byte, was fs.FileInfo) error {
	guard.wait(func() bool {
		info, err := file.Stat()
		return err != nil || info.Size() != int64(len(old))
	})
	data, err := io.ReadAll(io.NewSectionReader(file, 0, math.MaxInt64))
	switch {
	case err != nil:
		return err
	case bytes.Equal(data, old):
		return nil
	case bytes.HasPrefix(data, old):
		end, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			return err
		}
		_, err = end.Write(data[len(old):])
		return errors.Join(err, end.Close())
	}
	theirs, err := writeBeside(name, data, was) // somebody rewrote it
	if err != nil {
		return err
	}
	if err := os.Rename(theirs, name); err != nil {
		return errors.Join(err, remove(theirs))
	}
	return errChanged
}

// writable says why a file cannot be written, without a change of it.
func writable(name string) error {
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return file.Close()
}

// overwrite writes content into the file itself, from the first byte that
// differs on. When that fails the old content is written back.
func overwrite(ctx context.Context, name string, old, content []byte, was fs.FileInfo) error {
	file, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	guard, err := guardFile(ctx, file)
	if err != nil && !errors.Is(err, errInUse) {
		return err
	}
	defer guard.release()
	if err := unchanged(file, name, old, was); err != nil {
		return err
	}
	same := 0
	for same < min(len(old), len(content)) && old[same] == content[same] {
		same++
	}
	if err := writeFrom(file, content, same); err != nil {
		if back := writeFrom(file, old, same); back != nil {
			return fmt.Errorf("%w, and the old content could not be written back: %w", err, back)
		}
		return err
	}
	return nil
}

func writeFrom(file *os.File, content []byte, from int) error {
	_, err := file.WriteAt(content[from:], int64(from))
	return errors.Join(err, file.Truncate(int64(len(content))), file.Sync())
}

// writePatience is how long a write waits for others to finish theirs.
const writePatience = 2 * time.Second
