package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"xmppscope/ui/feed"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// How much a batch waits for and holds. 33 ms is two frames: a person sees it
// as at once, and a burst of thousands of events costs few redraws.
const (
	batchWait = 33 * time.Millisecond
	batchMost = 256
	// xmlKept is how many lines of XML wait for the screen at most. Events are
	// never dropped, XML is, and the number of dropped lines is shown.
	xmlKept = 4096
)

// runner does a job; xmppcore.Notify is the real one.
type runner func(ctx context.Context, job xmppcore.Job, trace event.Trace) error

// liveRun is the run that is going, in the background. Its news go into
// a feed, so that a slow screen never holds up the network.
type liveRun struct {
	task
	id   int
	news *feed.Feed[news]
	err  error // what the job returned; to be read after the last batch
}

// news is an event of a run, or a line of its XML.
type news struct {
	event *event.Event
	xml   *event.XML
}

// batchMsg is what happened in a run since the batch before.
type batchMsg struct {
	run int
	feed.Batch[news]
	// err is what the job returned; it comes with the last batch.
	err error
}

// startRun does the job in the background.
func startRun(ctx context.Context, id int, run runner, job xmppcore.Job) *liveRun {
	l := &liveRun{id: id, news: feed.New[news](feed.Options{Gather: batchWait, Most: batchMost, Offered: xmlKept})}
	trace := event.Trace{
		Event: func(e event.Event) { l.news.Push(news{event: &e}) },
		XML:   func(x event.XML) { l.news.Offer(news{xml: &x}) },
	}
	l.task = startTask(ctx, func(ctx context.Context) error { return run(ctx, job, trace) }, func(err error) {
		l.err = err
		l.news.Close()
	})
	return l
}

// pull waits for the next batch. It is asked for again after every batch but
// the last, and always returns, because every run ends.
func (l *liveRun) pull() tea.Msg {
	msg := batchMsg{run: l.id, Batch: l.news.Pull()}
	if msg.Last {
		msg.err = l.err
	}
	return msg
}
