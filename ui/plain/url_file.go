package plain

import (
	"io"
	"os"

	"xmppscope/urlspec/document"
)

// eachListed yields the URLs of a file: of a list, or of a file of any format
// that lint reads. What comes out of a pipe is a list, a line at a time.
func eachListed(file io.Reader, name string, yield func(string, error) bool) {
	const shown = "the URL file"
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		eachLine(file, shown, yield)
		return
	}
	data, err := io.ReadAll(io.LimitReader(file, fileLimit+1))
	switch {
	case err != nil:
		yield("", Misuse("", "%s cannot be read: %v", shown, reason(err)))
		return
	case len(data) > fileLimit:
		yield("", Misuse("", "%s is longer than %d bytes", shown, fileLimit))
		return
	}
	urls, err := document.List(name, data)
	if err != nil {
		yield("", Misuse("", "%s cannot be read: %v", shown, err))
		return
	}
	for _, url := range urls {
		if !yield(url, nil) {
			return
		}
	}
}
