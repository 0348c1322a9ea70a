//go:build servers

package servertest

import (
	"bytes"
	"strings"
	"sync"
)

// logbook keeps what a server prints and watches it for two things: that the
// server is ready, and that a port was taken.
type logbook struct {
	mu            sync.Mutex
	text, partial bytes.Buffer
	ready, failed chan struct{} // each closed once, under mu
	isReady, bad  bool
}

// Write takes a piece of the output, which need not end at a line's end.
func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(p)
	l.partial.Write(p)
	for {
		line, err := l.partial.ReadString('\n')
		if err != nil {
			l.partial.Reset()
			l.partial.WriteString(line)
			return len(p), nil
		}
		l.watch(line)
	}
}

func (l *logbook) watch(line string) {
	switch {
	case strings.Contains(line, readyLine) && !l.isReady && !l.bad:
		l.isReady = true
		close(l.ready)
	// "Failed to open server port" (Prosody), "Failed to open socket" (ejabberd).
	case strings.Contains(line, "Failed to open s") && !l.isReady && !l.bad:
		l.bad = true
		close(l.failed)
	}
}

// String is the end of the output.
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
