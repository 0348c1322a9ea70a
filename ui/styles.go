package ui

import (
	"image/color"

	"charm.land/lipgloss/v2"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// Theme names a set of colours.
type Theme string

// The themes. ThemeAuto asks the terminal for its background and takes dark
// or light; until it answers, and where it does not, it is ThemeANSI.
const (
	ThemeAuto  Theme = "auto"
	ThemeDark  Theme = "dark"
	ThemeLight Theme = "light"
	ThemeANSI  Theme = "ansi" // the terminal's own 16 colours
)

// Themes returns all themes, the default first.
func Themes() []Theme { return []Theme{ThemeAuto, ThemeDark, ThemeLight, ThemeANSI} }

// palette is the colours of a theme. The text itself keeps the terminal's own
// colour in all of them. Where muted and line are nil, they are that too, and
// faint: bright black, which many programs take for grey, is the background of
// Solarized Dark.
type palette struct {
	muted, line, focus, accent, second, ok, warn, fail, info, selected color.Color
}

func paletteOf(t Theme) palette {
	switch t {
	case ThemeDark:
		c := lipgloss.Color
		return palette{
			muted: c("#8c94ab"), line: c("#474f66"), focus: c("#7aa2f7"), accent: c("#7dcfff"), second: c("#bb9af7"),
			ok: c("#9ece6a"), warn: c("#e0af68"), fail: c("#f7768e"), info: c("#7aa2f7"), selected: c("#2b3350"),
		}
	case ThemeLight:
		c := lipgloss.Color
		return palette{
			muted: c("#646c7f"), line: c("#b3bac8"), focus: c("#1d4ed8"), accent: c("#0b6a95"), second: c("#7c3aed"),
			ok: c("#157a3a"), warn: c("#8f5b00"), fail: c("#b91c3c"), info: c("#1d4ed8"), selected: c("#dfe6fb"),
		}
	}
	return palette{
		focus: lipgloss.Cyan, accent: lipgloss.Cyan,
		second: lipgloss.Magenta, ok: lipgloss.Green, warn: lipgloss.Yellow, fail: lipgloss.Red, info: lipgloss.Blue,
		selected: nil,
	}
}

// styles is how every role on the screen looks. It is built whole from a
// palette and never changed afterwards.
type styles struct {
	text, strong, muted, accent, second lipgloss.Style
	// tentative is what was probably meant, and is not what Apprise reads.
	tentative            lipgloss.Style
	ok, warn, fail, info lipgloss.Style
	border, borderFocus  lipgloss.Style
	title, titleFocus    lipgloss.Style
	key, match           lipgloss.Style
	// selected is the background of the selected row; nil where a theme has
	// none, and the marker alone says it.
	selected color.Color
	glyphs   glyphs
}

// glyphs are the signs that carry meaning, so that nothing depends on colour.
type glyphs struct {
	ok, warn, fail, skip, running, waiting string
	marker, bullet, changed, meant         string
	in, out                                string
	bar, rule, more                        string
	border                                 lipgloss.Border
}

func unicodeGlyphs() glyphs {
	return glyphs{ok: "✓", warn: "!", fail: "✗", skip: "–", running: "»", waiting: "·",
		marker: "▸", bullet: "•", changed: "Δ", meant: "~", in: "←", out: "→",
		bar: "█", rule: "▏", more: "▾", border: lipgloss.RoundedBorder()}
}

func newStyles(t Theme) *styles {
	p, plain := paletteOf(t), lipgloss.NewStyle()
	fg := func(c color.Color) lipgloss.Style { return plain.Foreground(c) }
	muted, line := plain.Faint(true), plain.Faint(true)
	if p.muted != nil {
		muted, line = fg(p.muted), fg(p.line)
	}
	s := &styles{
		text: plain, strong: plain.Bold(true), muted: muted, accent: fg(p.accent), second: fg(p.second),
		tentative: muted.Italic(true),
		ok:        fg(p.ok), warn: fg(p.warn), fail: fg(p.fail).Bold(true), info: fg(p.info),
		border: line, borderFocus: fg(p.focus),
		title: muted, titleFocus: fg(p.focus).Bold(true),
		key:      fg(p.accent).Bold(true),
		match:    fg(p.accent).Bold(true).Underline(true),
		selected: p.selected,
		glyphs:   unicodeGlyphs(),
	}
	return s
}

// state gives the sign and the style of a stage's state.
func (s *styles) state(state event.State) (sign string, style lipgloss.Style) {
	switch state {
	case event.OK:
		return s.glyphs.ok, s.ok
	case event.Warn:
		return s.glyphs.warn, s.warn
	case event.Fail:
		return s.glyphs.fail, s.fail
	case event.Skip:
		return s.glyphs.skip, s.muted
	case event.Start:
		return s.glyphs.running, s.info
	}
	return s.glyphs.waiting, s.muted
}

// severity gives the sign and the style of a problem or finding.
func (s *styles) severity(level urlspec.Severity) (sign string, style lipgloss.Style) {
	switch level {
	case urlspec.Error:
		return s.glyphs.fail, s.fail
	case urlspec.Warning:
		return s.glyphs.warn, s.warn
	}
	return s.glyphs.waiting, s.info
}

// part gives the style of one kind of URL text.
func (s *styles) part(kind urlspec.Kind) lipgloss.Style {
	switch kind {
	case urlspec.Scheme, urlspec.Punct, urlspec.Space, urlspec.ParamName:
		return s.muted
	case urlspec.User:
		return s.accent
	case urlspec.Password:
		return s.muted
	case urlspec.Host:
		return s.strong
	case urlspec.Port, urlspec.Target:
		return s.second
	case urlspec.ParamValue:
		return s.accent
	case urlspec.Lost:
		return s.muted.Strikethrough(true)
	}
	return s.text
}

// squiggle underlines a part that a problem points to. Terminals that know no
// curly underline draw a straight one, and the pointer row says it anyway.
func (s *styles) squiggle(part, level lipgloss.Style) lipgloss.Style {
	return part.UnderlineStyle(lipgloss.UnderlineCurly).UnderlineColor(level.GetForeground())
}
