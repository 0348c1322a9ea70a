//go:build servers

package servertest

import (
	"bytes"
	"context"
	"strings"
	"sync"
)

// logbook keeps what a server prints and watches it for the first of two
// things: that the server is ready, or that a port was taken.
type logbook struct {
	// ready or portTaken is closed, never both.
	ready, portTaken chan struct{}

	mu      sync.Mutex
	text    bytes.Buffer
	partial []byte // the last line, while its end has not come
	decided bool
	news    chan struct{} // closed, and made anew, with every line
}

func newLogbook() *logbook {
	return &logbook{ready: make(chan struct{}), portTaken: make(chan struct{}), news: make(chan struct{})}
}

// Write takes a piece of the output, which need not end at a line's end.
func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(p)
	l.partial = append(l.partial, p...)
	for {
		line, rest, complete := bytes.Cut(l.partial, []byte("\n"))
		if !complete {
			return len(p), nil
		}
		l.watch(string(line))
		l.partial = rest
		close(l.news)
		l.news = make(chan struct{})
	}
}

func (l *logbook) watch(line string) {
	if l.decided {
		return
	}
	switch {
	case strings.Contains(line, readyLine):
		l.decided = true
		close(l.ready)
	// Prosody and ejabberd 23 in this order; both go on without the port.
	case strings.Contains(line, "Failed to open server port"), strings.Contains(line, "Failed to open socket"):
		l.decided = true
		close(l.portTaken)
	}
}

// before waits until a line holds mark, and returns what was printed from an
// offset up to that line, and the offset behind it.
func (l *logbook) before(ctx context.Context, from int, mark string) (text string, to int, err error) {
	for {
		l.mu.Lock()
		text, news := l.text.String()[from:], l.news
		l.mu.Unlock()
		if at := strings.Index(text, mark); at >= 0 {
			return text[:at], from + at + len(mark), nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return "", from, context.Cause(ctx)
		}
	}
}

// String is the output, or its end when there is much of it.
func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	const most = 64 << 10
	text := l.text.Bytes()
	if len(text) > most {
		return "[…]" + string(text[len(text)-most:])
	}
	return string(text)
}
