package ui

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// places is a set of places that a key press can go to. Each pane has two of
// them, one for the keys that are commands and one for its text field. Exactly
// one place has the keys at any moment; see (*screen).place.
type places uint32

// Sets of places.
const (
	commands   places = 0x55555555 // in any pane, while nobody types
	typing            = commands << 1
	everywhere        = commands | typing
)

// placesOf gives both places of the pane with a number. There is room for 16
// panes, and a digit for nine.
func placesOf(number int) places { return 3 << (2 * (number - 1)) }

func (s *screen) placesOf(p pane) places { return placesOf(s.number(p)) }

// binding is one action of the program and the keys it has. Nothing else knows a
// key: what a key does, the key bar, the help, the palette and the README are
// made from the bindings.
type binding struct {
	at   places
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

// pressable is a binding with its keys as Bubbles has them.
type pressable struct {
	binding
	press key.Binding
}

// keymap is every key of a screen, apart from those that edit text. It is built
// once.
type keymap struct {
	// all is the table: a binding that several panes share stands in it once,
	// where the first of them has it.
	all []binding
	// at are the bindings of every single place, in the pane's own order.
	at map[places][]pressable
	// editing are the keys of every text field.
	editing editing
	// url and send are the places of these panes, for the help.
	url, send places
}

// newKeymap gathers the keys of the screen and of its panes.
func newKeymap(panes []pane, url, send places) keymap {
	m := keymap{at: map[places][]pressable{}, editing: newEditing(), url: url, send: send}
	global := within(everywhere, globalBindings(len(panes), url, send))
	lists := within(commands&^url, listBindings())
	m.add(global)
	for i, p := range panes {
		here := placesOf(i + 1)
		own := within(here, p.bindings())
		m.add(own)
		for _, b := range slices.Concat(global, own, lists) {
			row := pressable{b, key.NewBinding(key.WithKeys(b.keys...))}
			for _, at := range []places{here & commands, here & typing} {
				if b.at&at != 0 {
					m.at[at] = append(m.at[at], row)
				}
			}
		}
	}
	m.add(lists)
	return m
}

// within keeps bindings to some places.
func within(in places, bindings []binding) []binding {
	for i := range bindings {
		bindings[i].at &= in
	}
	return bindings
}

// add puts bindings into the table.
func (m *keymap) add(bindings []binding) {
	for _, b := range bindings {
		i := slices.IndexFunc(m.all, func(have binding) bool {
			return have.show == b.show && have.help == b.help && slices.Equal(have.keys, b.keys)
		})
		if i >= 0 {
			m.all[i].at |= b.at
		} else {
			m.all = append(m.all, b)
		}
	}
}

// globalBindings are the keys that belong to no pane. Those of the URL stand
// here because they come first.
func globalBindings(panes int, url, send places) []binding {
	jump, altJump := make([]string, panes), make([]string, panes)
	for i := range panes {
		jump[i], altJump[i] = fmt.Sprint(i+1), fmt.Sprint("alt+", i+1)
	}
	return []binding{
		{everywhere, []string{"ctrl+c"}, "^c", "quit", "quit at once; a run that is going is cancelled", nil, (*screen).quit},
		{url, []string{"enter"}, "enter", "check", "check: connect, log in, join the rooms, send nothing", whyNoRun,
			(*screen).check},
		{everywhere, []string{"ctrl+s", "ctrl+j", "alt+enter"}, "^s", "send",
			"send to every target, after naming them once", whyNoRun, (*screen).sendNow},
		{commands, []string{"S"}, "S", "resend", "send again to those that failed only (alt+s while typing)",
			whyNoResend, (*screen).resend},
		{everywhere, []string{"alt+s"}, "alt+s", "", "", whyNoResend, (*screen).resend},
		{typing, []string{"esc"}, "esc", "keys are commands", "leave the field: the keys are commands then", nil,
			(*screen).escape},
		{commands, []string{"esc"}, "esc", "", "cancel the run that is going; clear a filter; end the zoom", nil,
			(*screen).escape},
		{everywhere, []string{"ctrl+p"}, "^p", "actions", "find any action by name", nil, (*screen).openPalette},
		{everywhere, []string{"tab"}, "tab", "pane", "next pane", nil, func(s *screen) tea.Cmd { return s.cycle(1) }},
		{everywhere, []string{"shift+tab"}, "shift+tab", "", "previous pane", nil,
			func(s *screen) tea.Cmd { return s.cycle(-1) }},
		{commands, jump, "1-" + jump[panes-1], "jump",
			"jump to a pane (alt+1 to " + altJump[panes-1] + " while typing)", nil, nil},
		{everywhere, altJump, "alt+1-" + jump[panes-1], "", "", nil, nil},
		{commands, []string{"z"}, "z", "zoom", "zoom: this pane on the whole screen, and back (alt+z while typing)", nil,
			(*screen).zoom},
		{typing, []string{"alt+z"}, "alt+z", "", "", nil, (*screen).zoom},
		{everywhere, []string{"ctrl+l"}, "^l", "URL", "edit the URL", nil, (*screen).toURL},
		{commands, []string{"?", "f1"}, "?", "help", "this help (f1 while typing)", nil, (*screen).openHelp},
		{typing, []string{"f1", "alt+?"}, "f1", "help", "", nil, (*screen).openHelp},
		{commands, []string{"q"}, "q", "", "quit, when nothing is being typed", nil, (*screen).quit},
		{everywhere, []string{"ctrl+z"}, "^z", "", "suspend; fg brings it back", nil,
			func(*screen) tea.Cmd { return tea.Suspend }},

		{commands, []string{"f"}, "f", "fix", "make the suggested safe step: a fix, or another password; then try again",
			whyNoFix, (*screen).fix},
		{typing, []string{"alt+f"}, "alt+f", "fix", "make the suggested safe step while typing, such as what was meant (~)",
			whyNoFix, (*screen).fix},
		{commands, []string{"alt+f"}, "alt+f", "", "", whyNoFix, (*screen).fix},
		{commands, []string{"!"}, "!", "", "the unsafe step, after it has said what it costs (alt+! while typing)", whyNoRisk,
			(*screen).risk},
		{typing, []string{"alt+!"}, "alt+!", "", "", whyNoRisk, (*screen).risk},
		{commands, []string{"u"}, "u", "", "undo the last change of the URL", whyNoUndo, (*screen).undo},
		{commands, []string{"U"}, "U", "", "redo it", whyNoRedo, (*screen).redo},
		{commands, []string{"d"}, "d", "", "details of the diagnosis: evidence, explanation, advice", whyNoDetails,
			(*screen).details},
		{everywhere, []string{"alt+d"}, "alt+d", "", "", whyNoDetails, (*screen).details},
		{commands, []string{"r"}, "r", "", "check again", whyNoRun, (*screen).check},
		{url, []string{"alt+r"}, "alt+r", "", "show the password the cursor is in for 5 seconds", nil, (*screen).reveal},

		{commands, []string{"M"}, "M", "ways",
			"matrix: find every way to the server, and the URLs that would work; nobody logs in", whyNoRun,
			(*screen).openMatrix},
		{everywhere, []string{"alt+m"}, "alt+m", "", "", whyNoRun, (*screen).openMatrix},
		{commands, []string{"C"}, "C", "", "certificate of the server: names, chain, trust", whyNoCertificate,
			(*screen).openCertificate},

		{commands, []string{"y"}, "y", "copy", "copy the selected value", nil, (*screen).copyValue},
		{commands, []string{"Y"}, "Y", "", "copy the URL without its password; Y again with it", nil, (*screen).copyURL},
		{commands, []string{"c"}, "c", "", "copy the diagnosis", whyNoDetails, (*screen).copyDiagnosis},
		{commands, []string{"["}, "[", "", "previous run", whyNoEarlier, func(s *screen) tea.Cmd { return s.step(-1) }},
		{commands, []string{"]"}, "]", "", "next run", whyNoLater, func(s *screen) tea.Cmd { return s.step(1) }},
		{commands, []string{"="}, "=", "", "compare this run with the one before", whyNoEarlier, (*screen).compare},
		{commands, []string{"H"}, "H", "", "list the runs of this session", whyNoRuns, (*screen).openRuns},
		{commands, []string{"e"}, "e", "export", "write a report to a file (Markdown, no secrets)", whyNoRuns,
			(*screen).export},
		{commands | typing&send, []string{"ctrl+o"}, "^o", "", "write the message in $EDITOR", nil, (*screen).openEditor},
		{commands, []string{"p"}, "p", "", "privacy: hide names and addresses for a screenshot", nil,
			(*screen).togglePrivacy},
		{commands, []string{"m"}, "m", "", "mouse on or off (off lets the terminal select text)", nil,
			(*screen).toggleMouse},
		{commands, []string{"t"}, "t", "", "next theme: auto, dark, light, ansi", nil, (*screen).nextTheme},
	}
}

// listBindings are the keys of every pane but the URL.
func listBindings() []binding {
	move := func(by int) func(*screen) tea.Cmd {
		return func(s *screen) tea.Cmd { s.scroll(by); return nil }
	}
	return []binding{
		{commands, []string{"down", "j"}, "↓ j", "", "down", nil, move(1)},
		{commands, []string{"up", "k"}, "↑ k", "", "up", nil, move(-1)},
		{commands, []string{"pgdown", "ctrl+d"}, "pgdn ^d", "", "ten down", nil, move(10)},
		{commands, []string{"pgup", "ctrl+u"}, "pgup ^u", "", "ten up", nil, move(-10)},
		{commands, []string{"home", "g"}, "g", "", "first line", nil, move(-1 << 30)},
		{commands, []string{"end", "G"}, "G", "", "last line", nil, move(1 << 30)},
	}
}

// typeBinding is the key of a pane that takes text.
func typeBinding() binding {
	return binding{commands, []string{"i"}, "i", "type", "type in this field", nil, (*screen).startTyping}
}

// doneBinding ends typing in a pane whose text takes effect at the end.
func doneBinding() binding {
	return binding{typing, []string{"enter"}, "enter", "done", "take the value", nil, (*screen).finishField}
}

// place is the one that has the keys.
func (s *screen) place() places {
	if s.typing && s.focus.field() != nil {
		return s.placesOf(s.focus) & typing
	}
	return s.placesOf(s.focus) & commands
}

// key sends a key press to the topmost dialog, to the action that has it in
// this place, or to the text field.
func (s *screen) key(msg tea.KeyPressMsg) tea.Cmd {
	if msg.Code == tea.KeyEscape { // two of them at once come as one with alt
		msg.Mod &^= tea.ModAlt
	}
	name := msg.String()
	if len(s.dialogs) > 0 && name != "ctrl+c" && name != "ctrl+z" {
		return s.dialogs[len(s.dialogs)-1].key(s, msg)
	}
	if s.typingURL() && s.url.answer(s, msg) {
		return nil
	}
	at := s.place()
	for _, b := range s.keymap.at[at] {
		if !key.Matches(keyName(name), b.press) {
			continue
		}
		if b.why != nil {
			if why := b.why(s); why != "" {
				s.notice = why
				return nil
			}
		}
		if b.do == nil { // the jumps are one row of the table
			return s.jump(s.panes[name[len(name)-1]-'1'])
		}
		return b.do(s)
	}
	if at&typing != 0 {
		s.edit(msg)
	}
	return nil
}

// keyName is the name of a key that was pressed.
type keyName string

func (k keyName) String() string { return string(k) }

// bar is the key bar: the actions of this place with a short name, the ones
// special to it first, quit and help last.
func (s *screen) bar(w int) string {
	line, _ := s.hints(w)
	return line
}

// barHint is a hint in the key bar: its cells, and what it stands for.
type barHint struct {
	from, to int
	binding
}

// hints draws the key bar, and says where each of its hints stands.
func (s *screen) hints(w int) (string, []barHint) {
	notice := ""
	if s.notice != "" {
		notice = "  " + s.st.info.Render(clean(s.notice))
	}
	if len(s.dialogs) > 0 {
		return spread(strings.TrimPrefix(notice, " "), s.st.key.Render("^c")+" "+s.st.muted.Render("quit")+" ", w), nil
	}
	at := s.place()
	var own, shared, last []binding
	for _, b := range s.keymap.at[at] {
		if b.short == "" || b.why != nil && b.why(s) != "" {
			continue
		}
		switch {
		case b.short == "quit" || b.short == "help":
			last = append([]binding{b.binding}, last...)
		case b.at == everywhere || b.at == commands:
			shared = append(shared, b.binding)
		default:
			own = append(own, b.binding)
		}
	}
	draw := func(b binding) string {
		return s.st.key.Render(s.shownKey(b.show)) + " " + s.st.muted.Render(b.short)
	}
	// The answer to the last key comes first, then the way out and to the help,
	// then whatever keys there is room for.
	width := func(all []binding) int {
		n := 0
		for _, b := range all {
			n += cells(draw(b)) + 2
		}
		return n
	}
	for len(last) > 0 && cells(notice)+width(last)-2+2 > w {
		last = last[1:]
	}
	left, right := notice, max(0, width(last)-2)+1
	var places []barHint
	for _, b := range append(own, shared...) {
		text := draw(b)
		if cells(left)+cells(text)+right+3 > w {
			break
		}
		from := cells(left) + 2 - 1 // the first blank of the line is cut off
		left += "  " + text
		places = append(places, barHint{from, from + cells(text), b})
	}
	end, tail := w-right, ""
	for i, b := range last {
		if i > 0 {
			tail += "  "
		}
		places = append(places, barHint{end + cells(tail), end + cells(tail) + cells(draw(b)), b})
		tail += draw(b)
	}
	return spread(strings.TrimPrefix(left, " "), tail+" ", w), places
}

func (s *screen) shownKey(show string) string {
	if !s.opts.ASCII {
		return show
	}
	return strings.NewReplacer("↑", "up", "↓", "down", "←", "left", "→", "right", "⌫", "backspace").Replace(show)
}
