package plain

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/model/finding"
	"xmppscope/xmppcore/event"
)

// lineReader reads lines and knows whether the next one is there already.
type lineReader struct {
	*bufio.Scanner
	number int   // of the line, from 1
	read   int64 // bytes, its end included
	ready  bool  // another whole line has been read with it
}

func newLineReader(r io.Reader) *lineReader {
	l := &lineReader{Scanner: bufio.NewScanner(r)}
	l.Buffer(make([]byte, 64<<10), bodyLimit)
	l.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		n, line, err := bufio.ScanLines(data, atEOF)
		l.read += int64(n)
		l.ready = bytes.IndexByte(data[n:], '\n') >= 0
		return n, line, err
	})
	return l
}

// Scan reads the next line.
func (l *lineReader) Scan() bool {
	l.number++
	return l.Scanner.Scan()
}

// sentLine is a line of standard input on its way.
type sentLine struct {
	number      int // from 1, blank lines included
	first, last int // its messages in the run
}

// progress tells what becomes of many notifications: a line for each of them, what
// there is to say of Apprise and of a failure once, and a sum. To a person who does not
// see the lines it says from time to time how far it is.
type progress struct {
	shell *Shell
	input *lineReader
	began time.Time
	noted time.Time

	sent, good int
	verdict    bool            // has been told
	told       map[string]bool // findings, by what they say
}

const (
	// notePause is how often a person is told how far it is.
	notePause = 2 * time.Second
	// maxTold bounds what is remembered of the findings.
	maxTold = 1000
)

// end prints what became of a run's lines.
func (p *progress) end(ctx context.Context, run *model.Run, lines []sentLine) {
	look := p.shell.Look.unwrapped()
	var rows, things []fact.Fact
	for _, room := range run.Rooms {
		if p.sent == 0 || !room.Joined {
			things = append(things, inBrief(run.RoomFacts(room))...)
		}
	}
	out := look.facts(things)
	for _, line := range lines {
		row, good := run.MessagesFact(fmt.Sprintf("line %d", line.number), line.first, line.last)
		rows = append(rows, row)
		p.sent++
		if good {
			p.good++
		}
	}
	out = append(out, look.facts(rows)...)
	for _, f := range finding.Of(ctx, run) {
		if what := f.Code + " " + f.Title; !p.told[what] && len(p.told) < maxTold {
			if p.told == nil {
				p.told = map[string]bool{}
			}
			p.told[what] = true
			out = append(out, findingLines(f, p.shell.Look)...)
		}
	}
	if verdict := finding.Apprise(run); verdict.Known() && !p.verdict {
		p.verdict = true
		out = append(out, p.shell.Look.facts([]fact.Fact{verdict.Fact()})...)
	}
	var text []byte
	for _, line := range out {
		text = append(append(text, line...), '\n')
	}
	p.shell.write(text)
	p.note()
}

// note says how far it is, where nobody sees that from the lines.
func (p *progress) note() {
	if !p.shell.ErrTerminal || p.shell.OutTerminal || time.Since(p.noted) < notePause || time.Since(p.began) < notePause {
		return
	}
	p.noted = time.Now()
	p.shell.note(p.shell.Look.paint(muted, p.words(time.Since(p.began))))
}

// words say how far it is after some time, and how long it may still take.
func (p *progress) words(took time.Duration) string {
	text := fmt.Sprintf("%s, %s", event.Count(p.sent, "line"), p.rate(took))
	if rest := p.shell.InSize - p.input.read; rest > 0 && p.input.read > 0 {
		left := time.Duration(float64(took) * float64(rest) / float64(p.input.read))
		text += fmt.Sprintf(", about %v left", max(left, time.Second).Round(time.Second))
	}
	return text
}

func (p *progress) rate(took time.Duration) string {
	return fmt.Sprintf("%.3g a second", float64(p.sent)/max(took.Seconds(), 0.001))
}

// sum ends the lines.
func (p *progress) sum() {
	if p.sent == 0 {
		return
	}
	took := time.Since(p.began)
	word, state := "ok", event.OK
	if p.good < p.sent {
		word, state = "failed", event.Fail
	}
	var rows fact.Rows
	rows.Sum(state, fmt.Sprintf("%s after %s, %d of %s with evidence, %s", word, model.Duration(took), p.good,
		event.Count(p.sent, "line"), p.rate(took)))
	for _, line := range p.shell.Look.unwrapped().facts(rows) {
		p.shell.print(line)
	}
}
