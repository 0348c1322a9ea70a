package ui

import (
	"context"
	"crypto/x509"
	"io"
	"net"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"golang.org/x/term"

	"xmppscope/model"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/explore"
)

// Options are what the program needs. The zero value opens an empty URL field
// and uses the real network.
type Options struct {
	// URL is what the editor holds at the start; it may hold a password.
	URL string
	// Title and Body are the message at the start.
	Title, Body string
	// Password is used for URLs that have none.
	Password string

	// Run does the jobs; nil means xmppcore.Notify. Explore looks for the ways to
	// a server; nil means explore.Run.
	Run     func(ctx context.Context, job xmppcore.Job, trace event.Trace) error
	Explore func(ctx context.Context, job explore.Job, report func(event.Cell)) ([]event.Cell, error)
	// Roots, Lookup, Dial, Proxy, NoProxy and AllowCleartextPassword go into every job.
	Roots                  *x509.CertPool
	Lookup                 xmppcore.Resolver
	Dial                   func(ctx context.Context, network, address string) (net.Conn, error)
	Proxy, NoProxy         string
	AllowCleartextPassword bool
	// AsRead connects where the host may be a part of the password.
	AsRead bool
	// Trust is what Apprise is taken to trust, for its verdict.
	Trust model.AppriseTrust

	// Theme is the set of colours; empty means ThemeAuto.
	Theme Theme
	// NoColor draws without any colour, ASCII without any sign beyond ASCII.
	NoColor bool
	ASCII   bool
	// World is a hint shown at the start, such as which accounts the demo has.
	World string
	// Program is the name and version that head a report; empty means
	// "xmppscope".
	Program string
	// ReportDir is where e writes reports; empty means the working directory.
	ReportDir string
	// Env looks up an environment variable: VISUAL and EDITOR for the message,
	// DISPLAY and WAYLAND_DISPLAY for the desktop's clipboard. Nil means that
	// none is set.
	Env func(name string) string
	// Environ is the environment of the programs that the screen starts, as
	// "name=value". They do not get what is meant for this program.
	Environ []string
	// Clock gives the time of day for reports; nil means time.Now.
	Clock func() time.Time

	// Input and Output are the terminal; nil means standard input and output.
	Input  io.Reader
	Output io.Writer
}

// quitWait is how long the program waits for a run to end after it was told
// to. Runs end at once; this is for one that does not.
const quitWait = 2 * time.Second

// The size of a screen that does not say its own, and the largest that is drawn: a
// frame costs time and memory with each cell, also of cells that stay empty.
const (
	defaultWidth, defaultHeight = 80, 24
	mostWidth, mostHeight       = 500, 200
)

// framesPerSecond is how often Bubble Tea looks whether there is something to draw,
// also while nothing happens. Each look costs the scheduler about five switches, and
// there are no others: with its default of 60, an idle screen made 290 a second. News
// of a run come every 33 ms too; see batchWait.
const framesPerSecond = 30

// clampSize keeps the size that a terminal says within what is drawn, for the screen
// and for Bubble Tea's renderer.
func clampSize(_ tea.Model, msg tea.Msg) tea.Msg {
	if size, ok := msg.(tea.WindowSizeMsg); ok {
		return tea.WindowSizeMsg{Width: min(size.Width, mostWidth), Height: min(size.Height, mostHeight)}
	}
	return msg
}

// Run shows the program until the person quits, and gives the exit code:
// ExitInterrupted when a run was still going, else ExitDone. It returns when
// nothing it started is left, and gives the terminal back in order even after
// a panic.
func Run(ctx context.Context, opts Options) (model.ExitCode, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := newScreen(ctx, opts)
	g := &guard{screen: s}
	// Signals are the caller's: Bubble Tea would end at the first one without
	// waiting for its reader of the terminal, and die of the next.
	options := []tea.ProgramOption{tea.WithWindowSize(defaultWidth, defaultHeight), tea.WithoutSignalHandler(),
		tea.WithFilter(clampSize), tea.WithFPS(framesPerSecond)}
	if opts.Input != nil {
		options = append(options, tea.WithInput(opts.Input))
	}
	if opts.Output != nil {
		options = append(options, tea.WithOutput(opts.Output))
	}
	if opts.NoColor {
		options = append(options, tea.WithColorProfile(colorprofile.ASCII))
	}
	program := tea.NewProgram(g, options...)
	g.quit = program.Quit
	// A program that has the context itself does not wait for its reader of the
	// terminal when that ends.
	defer keepTerminal(opts.Input)()
	over := make(chan struct{})
	defer context.AfterFunc(ctx, quitter(program, over))()
	_, err := program.Run()
	close(over)
	going := s.interrupted || s.live != nil
	s.stopRun(quitWait)
	switch {
	case g.broken != nil:
		return model.ExitInternal, g.broken
	case ctx.Err() != nil:
		return model.ExitInterrupted, nil
	case err != nil:
		return model.ExitInternal, err
	case going:
		return model.ExitInterrupted, nil
	}
	return model.ExitDone, nil
}

// quitter ends the program when it is called. One that takes no message any more
// gives the terminal back all the same. over is closed when the program has
// ended.
func quitter(program *tea.Program, over <-chan struct{}) func() {
	return func() {
		go program.Quit() // it waits until somebody takes it, or nobody is there any more
		late := time.NewTimer(quitWait)
		defer late.Stop()
		select {
		case <-over:
		case <-late.C:
			program.Kill()
		}
	}
}

// keepTerminal notes the settings of the terminal, and gives what puts them back.
// Bubble Tea does too, but takes what a program that it gave the terminal to has
// left behind, such as an editor that was killed, for the settings as they were.
func keepTerminal(input io.Reader) (restore func()) {
	file, ok := input.(*os.File)
	if input == nil {
		file, ok = os.Stdin, true
	}
	if !ok {
		return func() {}
	}
	before, err := term.GetState(int(file.Fd()))
	if err != nil { // it is none
		return func() {}
	}
	return func() { _ = term.Restore(int(file.Fd()), before) }
}
