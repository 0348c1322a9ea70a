package plain

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// Limits of what lint reads, in bytes: of a file that was named, and of one
// that was found in a folder.
const (
	fileLimit  = 16 << 20
	foundLimit = 1 << 20
)

// lintName is a file to look at.
type lintName struct {
	name string
	// found is true for a file out of a folder, which is passed over when it
	// is no text.
	found bool
}

// expand gives the files of an argument: itself, or those of a folder.
func expand(ctx context.Context, arg string) ([]lintName, error) {
	if arg == "-" {
		return []lintName{{name: arg}}, nil
	}
	if arg == "" {
		return nil, Misuse("`xmppscope lint .` looks at all files of this folder", "lint was given an empty file name")
	}
	info, err := os.Stat(arg)
	switch {
	case err != nil && looksLikeURL(arg):
		return nil, Misuse("`xmppscope explain` takes URLs", "lint takes files, and a URL was given")
	case err != nil:
		return nil, Misuse("", "%s cannot be opened: %v", shownName(arg), reason(err))
	case !info.IsDir():
		return []lintName{{name: arg}}, nil
	}
	if names, ok := tracked(ctx, arg); ok {
		return names, nil
	}
	return walk(ctx, arg)
}

// tracked gives the files of a folder that git tracks, if it tracks any.
func tracked(ctx context.Context, dir string) ([]lintName, bool) {
	out, err := exec.CommandContext(ctx, "git", "-C", dir, "ls-files", "-z", "--cached").Output()
	if err != nil || len(out) == 0 {
		return nil, false
	}
	var names []lintName
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		names = append(names, lintName{filepath.Join(dir, filepath.FromSlash(name)), true})
	}
	return names, true
}

// walk gives the regular files of a folder, which may be named by a link. Links
// in it are not followed, so that there are no loops.
func walk(ctx context.Context, dir string) ([]lintName, error) {
	var names []lintName
	var failed error
	err := filepath.WalkDir(dir+string(filepath.Separator), func(name string, entry fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			failed = errors.Join(failed, Misuse("", "%s cannot be opened: %v", shownName(name), reason(err)))
			return nil
		case entry.IsDir() && entry.Name() == ".git":
			return fs.SkipDir
		case entry.Type().IsRegular():
			names = append(names, lintName{name, true})
		}
		return nil
	})
	return names, errors.Join(err, failed)
}

// once leaves out the further names of files that have been named already: one
// file is read, and written, once.
func once(names []lintName) []lintName {
	seen := map[string]bool{}
	return slices.DeleteFunc(names, func(name lintName) bool {
		if name.name == "-" {
			return false
		}
		stat := os.Stat
		if name.found {
			stat = os.Lstat // links of a folder are not followed
		}
		info, err := stat(name.name)
		if err != nil || name.found && (!info.Mode().IsRegular() || info.Size() > foundLimit) {
			return false
		}
		id := identity(name.name, info)
		again := seen[id]
		seen[id] = true
		return again
	})
}

// looksLikeURL says whether what was given as a file's name may be a URL, with
// a password in it.
func looksLikeURL(name string) bool {
	colon, at := strings.IndexAny(name, ":："), strings.LastIndexByte(name, '@')
	low := strings.ToLower(name)
	return strings.Contains(name, "://") || colon >= 0 && colon < at || strings.Contains(low, "%3a") ||
		strings.HasPrefix(low, "xmpp") && colon >= 0
}

// shownName is a file's name as it is shown: without what may be a password.
func shownName(name string) string {
	if name == "-" {
		return "standard input"
	}
	if looksLikeURL(name) {
		return "a URL"
	}
	return wire.Safe(urlspec.Redact(name))
}

// fileReader reads files one after the other, into the same memory.
type fileReader struct {
	stdin io.Reader
	// open opens what has to be waited for, until the command is interrupted.
	open   func(name string) (io.ReadCloser, error)
	buffer bytes.Buffer
}

// read reads a file; the data are good until the next one. They are nil for a
// file out of a folder that is no text. info is what the file must still be
// when it is written.
func (r *fileReader) read(name lintName) (data []byte, info fs.FileInfo, err error) {
	r.buffer.Reset()
	if name.name == "-" {
		data, err = r.all(name, r.stdin, fileLimit)
		return data, nil, err
	}
	// A device is not even opened: there are some that never end. A file of a
	// folder was regular when the folder was read.
	if !name.found {
		info, err := os.Stat(name.name)
		switch {
		case err != nil:
			return nil, nil, Misuse("", "%s cannot be opened: %v", shownName(name.name), reason(err))
		case info.Mode().Type() == fs.ModeNamedPipe:
			data, err = r.readPipe(name)
			return data, nil, err
		case !info.Mode().IsRegular():
			return nil, nil, Misuse("pipe it to `xmppscope lint -`", "%s is no regular file",
				shownName(name.name))
		}
	}
	file, err := openRegular(name.name, name.found)
	if err != nil {
		if name.found && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, errLink)) {
			return nil, nil, nil // tracked and deleted, or a link
		}
		return nil, nil, Misuse("", "%s cannot be opened: %v", shownName(name.name), reason(err))
	}
	info, err = file.Stat()
	if err == nil && info.Mode().IsRegular() && info.Size() == 0 {
		data, err = r.await(name, file)
		return data, info, err
	}
	defer file.Close()
	switch {
	case err != nil:
		return nil, nil, Misuse("", "%s cannot be read: %v", shownName(name.name), reason(err))
	case name.found && (!info.Mode().IsRegular() || info.Size() > foundLimit):
		return nil, nil, nil
	case info.Size() > fileLimit:
		return nil, nil, Misuse("", "%s is larger than %d bytes", shownName(name.name), fileLimit)
	}
	r.buffer.Grow(int(info.Size()) + bytes.MinRead)
	data, err = r.all(name, file, fileLimit)
	return data, info, err
}

// endWait is how long lint waits: for somebody who writes to a named pipe, and
// for the end of a file that is empty by its size. Some of those, as of Linux's
// /proc, are made as they are read, and may never end.
const endWait = 3 * time.Second

// readPipe reads a named pipe, as a shell makes one for <(command).
func (r *fileReader) readPipe(name lintName) ([]byte, error) {
	type opened struct {
		file io.ReadCloser
		err  error
	}
	done := make(chan opened, 1)
	go func() {
		file, err := r.open(name.name)
		done <- opened{file, err}
	}()
	late := time.NewTimer(endWait)
	defer late.Stop()
	select {
	case o := <-done:
		if o.err != nil {
			return nil, Misuse("", "%s cannot be opened: %v", shownName(name.name), reason(o.err))
		}
		defer o.file.Close()
		return r.all(name, o.file, fileLimit)
	case <-late.C:
		return nil, Misuse("", "%s is a pipe that nobody writes to", shownName(name.name))
	}
}

// await reads to the end, if it comes soon, and closes the file. A read that
// does not come back has memory of its own, and ends with the program.
func (r *fileReader) await(name lintName, file io.ReadCloser) ([]byte, error) {
	type content struct {
		data []byte
		err  error
	}
	done := make(chan content, 1)
	go func() {
		defer file.Close()
		own := fileReader{}
		data, err := own.all(name, file, fileLimit)
		done <- content{data, err}
	}()
	late := time.NewTimer(endWait)
	defer late.Stop()
	select {
	case c := <-done:
		return c.data, c.err
	case <-late.C:
		return nil, Misuse("", "%s has no end: after %v there was none", shownName(name.name), endWait)
	}
}

// errLink is for a symbolic link where none is followed.
var errLink = errors.New("it is a symbolic link")

// all reads to the end, and refuses what is no text.
func (r *fileReader) all(name lintName, from io.Reader, limit int) ([]byte, error) {
	_, err := r.buffer.ReadFrom(io.LimitReader(from, int64(limit)+1))
	data := r.buffer.Bytes()
	switch {
	case errors.Is(err, context.Canceled):
		return nil, err
	case err != nil:
		return nil, Misuse("", "%s cannot be read: %v", shownName(name.name), reason(err))
	case len(data) > limit:
		return nil, Misuse("", "%s is larger than %d bytes", shownName(name.name), limit)
	case isBinary(data) && name.found:
		return nil, nil
	case isBinary(data):
		return nil, Misuse("", "%s is no text file", shownName(name.name))
	case data == nil:
		return []byte{}, nil
	}
	return data, nil
}

// isBinary says whether data are no text: there is a zero byte at their
// beginning, and no mark of UTF-16.
func isBinary(data []byte) bool {
	head := data[:min(len(data), 8000)]
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return false
	}
	return bytes.IndexByte(head, 0) >= 0
}
