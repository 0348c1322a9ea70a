package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/explore"
)

// screen is the program's whole state, and its only Bubble Tea model.
type screen struct {
	ctx      context.Context
	cancel   context.CancelFunc
	opts     Options
	do       runner
	explorer explorer

	st   *styles
	dark *bool // what the terminal said of its background, nil before
	w, h int
	// canvas is the grid of cells of the last frame, which the next one takes.
	canvas *lipgloss.Canvas

	// focus is the pane that gets the keys; typing says that they are text.
	focus  pane
	typing bool
	// panes are all of them, in the order of the numbers that jump to them, and
	// keymap is what every key does.
	panes  []pane
	keymap keymap
	// recent is the order in which panes were looked at, newest first; a box
	// shows the most recent of its panes.
	recent []pane

	url    urlPane
	jids   jidsPane
	stages stagesPane
	params paramsPane
	events eventsPane
	xml    xmlPane
	send   sendPane

	// runs are all of this session, shown is the index of the one on screen;
	// live is the one that is going, nil when none is.
	runs  model.History
	shown int
	live  *liveRun
	trial *trial // the fix of a run that is being tried, nil when none is
	// helped are the readings before and after the fixes that helped.
	helped [][2]urlspec.Reading
	// started is when the live run began, elapsed how long ago that was at the
	// last tick: the time that a silent server makes us wait is seen to pass.
	started time.Time
	elapsed time.Duration
	// interrupted says that quitting cancelled a run.
	interrupted bool
	// background are the ends of everything that was started and may go on
	// after it was cancelled.
	background []<-chan struct{}
	// diagnosed are the findings of the shown run.
	diagnosed diagnosed
	// lookedAt is the URL of the run that is looked back at.
	lookedAt urlPane

	// dialogs lie on top of the panes, the last one topmost.
	dialogs []dialog
	// resume says that a text field had the keys before the first dialog.
	resume bool
	// notice answers the last key, such as what was copied.
	notice string

	// keeps says that keepalive=yes is honoured, with the session in kept.
	keeps bool
	kept  kept

	// agreed are the recipient sets that the person has confirmed, password
	// holds what was typed for a login JID whose URL has none.
	agreed   map[string]bool
	password map[string]string
	// copyReal says that Y was pressed once and the next one copies the URL
	// with its password.
	copyReal bool
	privacy  bool
	mouse    bool
	// used are the actions that were taken from the palette, by their help, the
	// newest first.
	used []string
	// zoomed says that the pane that has the keys takes the whole screen.
	zoomed bool
}

func newScreen(ctx context.Context, opts Options) *screen {
	ctx, cancel := context.WithCancel(ctx)
	s := &screen{ctx: ctx, cancel: cancel, opts: opts, do: opts.Run, shown: -1,
		url: newURLPane(opts.URL), send: newSendPane(opts.Title, opts.Body),
		agreed: map[string]bool{}, password: map[string]string{}}
	s.panes, s.focus = s.newPanes(), &s.url
	s.typing = s.url.faulty() // what is whole is checked next, and not typed
	s.keymap = newKeymap(s.panes, s.placesOf(&s.url), s.placesOf(&s.send))
	s.recent = s.newPanes()
	if s.do == nil {
		s.do, s.keeps = xmppcore.Notify, true
	}
	if s.explorer = opts.Explore; s.explorer == nil {
		s.explorer = explore.Run
	}
	if s.opts.Env == nil {
		s.opts.Env = func(string) string { return "" }
	}
	if s.opts.Clock == nil {
		s.opts.Clock = time.Now
	}
	if s.opts.Program == "" {
		s.opts.Program = "xmppscope"
	}
	if s.opts.Theme == "" {
		s.opts.Theme = ThemeAuto
	}
	s.events.follow, s.xml.follow = true, true
	s.restyle()
	s.params.read(s.url.spec)
	if parts := several(opts.URL); parts != nil {
		s.chooseURL(parts, func(*screen) tea.Cmd { return nil })
	}
	return s
}

// restyle rebuilds the styles after the theme or the background is known.
func (s *screen) restyle() {
	theme := s.opts.Theme
	if theme == ThemeAuto {
		switch {
		case s.dark == nil:
			theme = ThemeANSI
		case *s.dark:
			theme = ThemeDark
		default:
			theme = ThemeLight
		}
	}
	s.st = newStyles(theme)
}

// Init asks for the background colour; the answer comes as a message, so a
// terminal that never answers holds up nothing.
func (s *screen) Init() tea.Cmd {
	if s.opts.Theme == ThemeAuto && !s.opts.NoColor {
		return tea.RequestBackgroundColor
	}
	return nil
}

// run is the run on the screen, or nil.
func (s *screen) run() *model.Run {
	if s.shown < 0 || s.shown >= s.runs.Len() {
		return nil
	}
	return s.runs.At(s.shown)
}

// before is the run before the one on the screen, or nil.
func (s *screen) before() *model.Run {
	if s.shown <= 0 || s.shown >= s.runs.Len() {
		return nil
	}
	return s.runs.At(s.shown - 1)
}

// baseline is the run that the assembly table is compared with: the shown one
// while the URL has been edited since, else the one before it.
func (s *screen) baseline() *model.Run {
	if r := s.run(); r != nil && r.Spec.Text != s.url.text {
		return r
	}
	return s.before()
}

// past is the run that is looked back at: an older one of another URL, whose URL
// and JIDs are shown in the place of those that are edited. It is nil for the
// newest, and while the URL is typed.
func (s *screen) past() *model.Run {
	r := s.run()
	if r == nil || r == s.runs.Last() || r.Spec.Text == s.url.text || s.typingURL() {
		return nil
	}
	return r
}

func (s *screen) typingURL() bool { return s.typing && s.focus == &s.url }

// lowScreen is how many rows a screen has at least that shows the URL while another
// pane has the keys: with less there would be one row for what is typed there.
const lowScreen = 14

// layout is where everything goes now.
func (s *screen) layout() layout {
	l := arrange(s.w, s.h, s.url.rowsWanted(s.w))
	low := l.class == narrow && s.h < lowScreen && s.focus != &s.url
	if (s.zoomed || low) && l.class != tiny {
		l.zoom()
	}
	return l
}

// edited is called after every change of the URL.
func (s *screen) edited() {
	s.url.read()
	s.params.read(s.url.spec)
	s.url.choices.close()
	if s.focus == &s.url && !s.zoomed {
		s.raise(&s.jids) // what is edited is seen, where there is one box for all
	}
}

// setParam changes the URL so that a parameter has a value; an empty value
// takes it out.
func (s *screen) setParam(name, value string) {
	if value == "" {
		s.apply(s.url.spec.RemoveParam(name))
		return
	}
	s.apply(s.url.spec.SetParam(name, value))
}

// apply makes an edit of the URL as one undoable step.
func (s *screen) apply(f urlspec.Fix) {
	text := f.Apply(s.url.text)
	cursor := f.Start + len(f.Text)
	s.url.replace(text, cursor)
	s.edited()
}
