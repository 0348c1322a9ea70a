package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// where is a set of places that a key press can go to. Exactly one place has
// the keys at any moment; see (*screen).where.
type where uint16

// The places: four text fields, and the seven panes while nobody types.
const (
	typingURL where = 1 << iota
	typingMessage
	typingParam
	typingFilter
	onURL
	onJIDs
	onStages
	onParams
	onEvents
	onXML
	onSend
)

// Sets of places.
const (
	typing     = typingURL | typingMessage | typingParam | typingFilter
	onLists    = onJIDs | onStages | onParams | onEvents | onXML | onSend
	onPanes    = onURL | onLists
	onLogs     = onEvents | onXML
	everywhere = typing | onPanes
)

// places returns every single place.
func places() []where {
	var all []where
	for p := typingURL; p <= onSend; p <<= 1 {
		all = append(all, p)
	}
	return all
}

// binding is one action of the program and the keys it has. The table of
// bindings is the only place that knows a key: handlers, the key bar, the
// help, the palette and the README are made from it.
type binding struct {
	at   where
	keys []string // as Bubble Tea names them
	show string   // as a person reads them
	// short is its word in the key bar, empty when it is not in there.
	short string
	// help is a sentence; the same action under another key has none.
	help string
	// why says why the action cannot be done now; nil or "" when it can.
	why func(*screen) string
	do  func(*screen) tea.Cmd
}

// bindings is every key there is, apart from those that edit text.
func bindings() []binding {
	return append(globalBindings(), paneBindings()...)
}

func globalBindings() []binding {
	return []binding{
		{everywhere, []string{"ctrl+c"}, "^c", "quit", "quit at once; a run that is going is cancelled", nil, (*screen).quit},
		{typingURL | onURL, []string{"enter"}, "↵", "check", "check: connect, log in, join the rooms, send nothing", whyNoRun, (*screen).check},
		{everywhere, []string{"ctrl+s", "ctrl+j", "alt+enter"}, "^s", "send", "send to every target, after naming them once", whyNoSend, (*screen).sendNow},
		{everywhere, []string{"esc"}, "esc", "", "leave the field; cancel the run that is going", nil, (*screen).escape},
		{everywhere, []string{"tab"}, "tab", "pane", "next pane", nil, func(s *screen) tea.Cmd { return s.cycle(1) }},
		{everywhere, []string{"shift+tab"}, "shift+tab", "", "previous pane", nil, func(s *screen) tea.Cmd { return s.cycle(-1) }},
		{onPanes, []string{"1", "2", "3", "4", "5", "6", "7"}, "1-7", "jump", "jump to a pane (alt+1 to alt+7 while typing)", nil, nil},
		{everywhere, []string{"alt+1", "alt+2", "alt+3", "alt+4", "alt+5", "alt+6", "alt+7"}, "alt+1-7", "", "", nil, nil},
		{everywhere, []string{"ctrl+l"}, "^l", "URL", "edit the URL", nil, (*screen).toURL},
		{everywhere, []string{"ctrl+p"}, "^p", "actions", "find any action by name", nil, (*screen).openPalette},
		{onPanes, []string{"?", "f1"}, "?", "help", "this help (f1 while typing)", nil, (*screen).openHelp},
		{typing, []string{"f1", "alt+?"}, "f1", "help", "", nil, (*screen).openHelp},
		{onPanes, []string{"q"}, "q", "", "quit, when nothing is being typed", nil, (*screen).quit},
		{everywhere, []string{"ctrl+z"}, "^z", "", "suspend; fg brings it back", nil, func(*screen) tea.Cmd { return tea.Suspend }},

		{onPanes, []string{"f"}, "f", "", "make the suggested fix; after a failed run, and try again", whyNoFix, (*screen).fix},
		{everywhere, []string{"alt+f"}, "alt+f", "fix", "make the suggested fix, also while typing", whyNoFix, (*screen).fix},
		{onPanes, []string{"u"}, "u", "", "undo the last change of the URL", whyNoUndo, (*screen).undo},
		{onPanes, []string{"U"}, "U", "", "redo it", whyNoRedo, (*screen).redo},
		{onPanes, []string{"d"}, "d", "", "details of the diagnosis: evidence, explanation, advice", whyNoDetails, (*screen).details},
		{everywhere, []string{"alt+d"}, "alt+d", "", "", whyNoDetails, (*screen).details},
		{onPanes, []string{"r"}, "r", "", "check again", whyNoRun, (*screen).check},
		{typingURL | onURL, []string{"alt+r"}, "alt+r", "", "show the password the cursor is in for 5 seconds", nil, (*screen).reveal},

		{onPanes, []string{"M"}, "M", "ways", "matrix: find every way to the server, and the URLs that would work; nobody logs in", whyNoRun, (*screen).openMatrix},
		{everywhere, []string{"alt+m"}, "alt+m", "", "", whyNoRun, (*screen).openMatrix},
		{onPanes, []string{"C"}, "C", "", "certificate of the server: names, chain, trust", whyNoCertificate, (*screen).openCertificate},

		{onPanes, []string{"y"}, "y", "copy", "copy the selected value", nil, (*screen).copyValue},
		{onPanes, []string{"Y"}, "Y", "", "copy the URL without its password; Y again with it", nil, (*screen).copyURL},
		{onPanes, []string{"c"}, "c", "", "copy the diagnosis", whyNoDetails, (*screen).copyCard},
		{onPanes, []string{"["}, "[", "", "previous run", whyNoEarlier, func(s *screen) tea.Cmd { return s.step(-1) }},
		{onPanes, []string{"]"}, "]", "", "next run", whyNoLater, func(s *screen) tea.Cmd { return s.step(1) }},
		{onPanes, []string{"="}, "=", "", "compare this run with the one before", whyNoEarlier, (*screen).compare},
		{onPanes, []string{"H"}, "H", "", "list the runs of this session", whyNoRuns, (*screen).openRuns},
		{onPanes, []string{"e"}, "e", "export", "write a report to a file (Markdown, no secrets)", whyNoRuns, (*screen).export},
		{onPanes | typingMessage, []string{"ctrl+o"}, "^o", "", "write the message in $EDITOR", nil, (*screen).openEditor},
		{onPanes, []string{"p"}, "p", "", "privacy: hide names and addresses for a screenshot", nil, (*screen).togglePrivacy},
		{onPanes, []string{"m"}, "m", "", "mouse on or off (off lets the terminal select text)", nil, (*screen).toggleMouse},
		{onPanes, []string{"t"}, "t", "", "next theme: auto, dark, light, ansi", nil, (*screen).nextTheme},
	}
}

func paneBindings() []binding {
	list := func(by int) func(*screen) tea.Cmd {
		return func(s *screen) tea.Cmd { s.scroll(by); return nil }
	}
	return []binding{
		{onURL | onSend, []string{"i"}, "i", "type", "type in this field", nil, (*screen).startTyping},
		{onSend, []string{"enter"}, "↵", "details", "what is known of this recipient: room, role, status codes, evidence", nil, (*screen).recipientDetails},
		{typingURL, []string{"up", "ctrl+up"}, "↑", "", "URL of an earlier run", nil, func(s *screen) tea.Cmd { return s.recall(-1) }},
		{typingURL, []string{"down", "ctrl+down"}, "↓", "", "URL of a later run", nil, func(s *screen) tea.Cmd { return s.recall(1) }},
		{typingURL, []string{"alt+left"}, "alt+←", "part", "to the part before: scheme, user, host, port, targets, parameters", nil, func(s *screen) tea.Cmd { s.url.part(-1); return nil }},
		{typingURL, []string{"alt+right"}, "alt+→", "", "to the next part", nil, func(s *screen) tea.Cmd { s.url.part(1); return nil }},
		{typingMessage, []string{"up"}, "↑", "", "line up, and from the message to its title", nil, func(s *screen) tea.Cmd { return s.lineMove(-1) }},
		{typingMessage, []string{"down"}, "↓", "", "line down", nil, func(s *screen) tea.Cmd { return s.lineMove(1) }},
		{typingMessage, []string{"enter"}, "↵", "", "new line; in the title, on to the message", nil, (*screen).newLine},
		{typingParam | typingFilter, []string{"enter"}, "↵", "done", "take the value", nil, (*screen).finishField},

		{onJIDs, []string{"enter"}, "↵", "edit", "edit the part of the URL this row comes from", nil, (*screen).editPart},
		{onStages, []string{"enter"}, "↵", "details", "this stage explained, with its events: certificate, login, rooms, evidence", whyNoRuns, (*screen).stageDetails},
		{onParams, []string{"enter"}, "↵", "edit", "edit the value; the URL changes with it", whyUnknown, (*screen).editParam},
		{onParams, []string{"space"}, "space", "turn", "next of the values there are", whyNoTurn, (*screen).turnParam},
		{onParams, []string{"x", "delete", "backspace"}, "x", "default", "take the parameter out of the URL", whyNotSet, (*screen).dropParam},
		{onEvents, []string{"enter"}, "↵", "details", "everything that is known of this event", whyNoRuns, (*screen).eventDetails},
		{onXML, []string{"enter"}, "↵", "unfold", "unfold or fold this element", whyNoRuns, (*screen).toggleXML},
		{onXML, []string{"o"}, "o", "only", "only what was sent, only what was received, both", nil, (*screen).nextDirection},
		{onSend, []string{"v"}, "v", "preview", "preview of every message as it will go out (alt+v while typing)", nil, (*screen).preview},
		{typingMessage, []string{"alt+v"}, "alt+v", "preview", "", nil, (*screen).preview},
		{onLogs, []string{"/"}, "/", "search", "search as you type; esc clears", whyNoRuns, (*screen).startSearch},
		{onLogs, []string{"&"}, "&", "filter", "show only lines with these words; esc clears", whyNoRuns, (*screen).startFilter},
		{onLogs, []string{"n"}, "n", "", "next match; without a search, next failure or warning", whyNoRuns, func(s *screen) tea.Cmd { return s.nextMatch(1) }},
		{onLogs, []string{"N"}, "N", "", "the match, failure or warning before", whyNoRuns, func(s *screen) tea.Cmd { return s.nextMatch(-1) }},
		{onLogs, []string{"F"}, "F", "follow", "follow the newest line", nil, (*screen).toggleFollow},
		{onEvents, []string{"space"}, "space", "freeze", "freeze the list; what comes is counted", whyNoRuns, (*screen).toggleFreeze},
		{onEvents, []string{"w"}, "w", "wrap", "wrap long lines", nil, (*screen).toggleWrap},

		{onLists, []string{"down", "j"}, "↓ j", "", "down", nil, list(1)},
		{onLists, []string{"up", "k"}, "↑ k", "", "up", nil, list(-1)},
		{onLists, []string{"pgdown", "ctrl+d"}, "pgdn ^d", "", "ten down", nil, list(10)},
		{onLists, []string{"pgup", "ctrl+u"}, "pgup ^u", "", "ten up", nil, list(-10)},
		{onLists, []string{"home", "g"}, "g", "", "first line", nil, list(-1 << 30)},
		{onLists, []string{"end", "G"}, "G", "", "last line", nil, list(1 << 30)},
	}
}

// where is the place that has the keys.
func (s *screen) where() where {
	if s.typing {
		switch s.focus {
		case paneURL:
			return typingURL
		case paneSend:
			return typingMessage
		case paneParams:
			return typingParam
		case paneEvents, paneXML:
			return typingFilter
		}
	}
	return onURL << (s.focus - paneURL)
}

// key sends a key press to the topmost dialog, to the action that has it in
// this place, or to the text field.
func (s *screen) key(msg tea.KeyPressMsg) tea.Cmd {
	name := msg.String()
	if len(s.dialogs) > 0 && name != "ctrl+c" && name != "ctrl+z" {
		return s.dialogs[len(s.dialogs)-1].key(s, msg)
	}
	at := s.where()
	if at == typingURL && s.url.choices.key(s, name) {
		return nil
	}
	for _, b := range bindings() {
		if b.at&at == 0 || !key.Matches(msg, b.binding()) {
			continue
		}
		if b.why != nil {
			if why := b.why(s); why != "" {
				s.notice = why
				return nil
			}
		}
		if b.do == nil { // the seven jumps are one row of the table
			return s.jump(pane(name[len(name)-1] - '0'))
		}
		return b.do(s)
	}
	if at&typing != 0 {
		s.edit(msg)
	}
	return nil
}

// binding is the row as Bubbles has it.
func (b binding) binding() key.Binding {
	return key.NewBinding(key.WithKeys(b.keys...), key.WithHelp(b.show, b.help))
}

// bar is the key bar: the actions of this place with a short name, the ones
// special to it first, quit and help last.
func (s *screen) bar(w int) string {
	notice := ""
	if s.notice != "" {
		notice = "  " + s.st.info.Render(clean(s.notice))
	}
	if len(s.dialogs) > 0 {
		return spread(strings.TrimPrefix(notice, " "), s.st.key.Render("^c")+" "+s.st.muted.Render("quit")+" ", w)
	}
	at := s.where()
	var own, shared, last []string
	for _, b := range bindings() {
		if b.at&at == 0 || b.short == "" || b.why != nil && b.why(s) != "" {
			continue
		}
		text := s.st.key.Render(s.keyName(b.show)) + " " + s.st.muted.Render(b.short)
		switch {
		case b.short == "quit" || b.short == "help":
			last = append([]string{text}, last...)
		case b.at&^at == 0 || b.at&(onPanes|typing) != b.at || b.short == "check":
			own = append(own, text)
		case b.at == everywhere || b.at == onPanes:
			shared = append(shared, text)
		default:
			own = append(own, text)
		}
	}
	// The answer to the last key comes first, then the way out and to the help,
	// then whatever keys there is room for.
	for len(last) > 0 && cells(notice)+cells(strings.Join(last, "  "))+2 > w {
		last = last[1:]
	}
	right := strings.Join(last, "  ") + " "
	left := notice
	for _, text := range append(own, shared...) {
		if cells(left)+cells(text)+cells(right)+3 > w {
			break
		}
		left += "  " + text
	}
	return spread(strings.TrimPrefix(left, " "), right, w)
}

func (s *screen) keyName(show string) string {
	if !s.opts.ASCII {
		return show
	}
	return strings.NewReplacer("↵", "enter", "↑", "up", "↓", "down", "←", "left", "→", "right").Replace(show)
}
