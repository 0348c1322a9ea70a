package plain

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// fileWriter writes files one at a time.
type fileWriter struct {
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
func (w *fileWriter) replace(name string, old, content []byte, state fileState) (aside string, err error) {
	w.busy.Lock()
	defer w.busy.Unlock()
	if w.closed {
		return "", nil
	}
	shown := shownName(name)
	name, err = filepath.EvalSymlinks(name)
	if err != nil {
		return "", Misuse("", "%s cannot be written: %v", shown, reason(err))
	}
	if state.info.Mode().Perm()&0o222 == 0 {
		return "", Misuse("", "%s is read-only, and stays as it is", shown)
	}
	if links(state.info) > 1 {
		aside = "; it has other names, so it was written in place"
		err = overwrite(name, old, content, state)
	} else {
		err = exchange(name, old, content, state)
	}
	switch {
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
func unchanged(file *os.File, name string, old []byte, state fileState) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	there, err := os.Stat(name)
	if err != nil {
		return err
	}
	if !os.SameFile(info, state.info) || !os.SameFile(there, state.info) || info.Size() != int64(len(old)) ||
		!info.ModTime().Equal(state.changed) {
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
func exchange(name string, old, content []byte, state fileState) (err error) {
	if err := writable(name); err != nil {
		return err
	}
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	temporary, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, temporary.Close())
		if err != nil {
			if gone := os.Remove(temporary.Name()); !errors.Is(gone, fs.ErrNotExist) {
				err = errors.Join(err, gone)
			}
		}
	}()
	_, err = temporary.Write(content)
	err = errors.Join(err, keepOwner(temporary, state.info), temporary.Chmod(keptMode(state.info)), temporary.Sync())
	if err != nil {
		return err
	}
	// From here on nobody else gets the file open for writing, where the
	// system can see to that.
	guard, err := guardFile(file)
	if err != nil {
		return err
	}
	if err := unchanged(file, name, old, state); err != nil {
		guard.release()
		return err
	}
	if err := os.Rename(temporary.Name(), name); err != nil {
		guard.release()
		return err
	}
	return keepAppended(file, guard, temporary, name, old)
}

// keptMode is a file's permissions, with the bits that Perm leaves out.
func keptMode(info fs.FileInfo) fs.FileMode {
	return info.Mode() & (fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky)
}

// keepAppended takes over what was appended to the old file by somebody who
// had opened it under its name just before the new one came there.
func keepAppended(file *os.File, guard *fileGuard, replacement *os.File, name string, old []byte) error {
	guard.wait(func() bool {
		info, err := file.Stat()
		return err != nil || info.Size() != int64(len(old))
	})
	data, err := io.ReadAll(io.NewSectionReader(file, 0, fileLimit))
	guard.release()
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
	// Somebody rewrote it: theirs is the file.
	if err := os.WriteFile(replacement.Name(), data, 0o600); err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	err = errors.Join(os.Chmod(replacement.Name(), keptMode(info)), os.Rename(replacement.Name(), name))
	if err != nil {
		return err
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
func overwrite(name string, old, content []byte, state fileState) error {
	file, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	guard, err := guardFile(file)
	if err != nil && !errors.Is(err, errInUse) {
		return err
	}
	defer guard.release()
	if err := unchanged(file, name, old, state); err != nil {
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
