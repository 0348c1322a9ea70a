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
	text, strong, muted, accent, second look
	// tentative is what was probably meant, and is not what Apprise reads: dim, but not
	// faint, which some terminals draw so that it can hardly be read; lost is a
	// part of the URL that nobody reads; here is the name of the part with the cursor.
	tentative, lost, here look
	ok, warn, fail, info  look
	border, borderFocus   look
	title, titleFocus     look
	key, match            look
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
	muted, line, meant := plain.Faint(true), plain.Faint(true), plain.Italic(true)
	if p.muted != nil {
		muted, line, meant = fg(p.muted), fg(p.line), fg(p.muted).Italic(true)
	}
	s := &styles{
		text: lookOf(plain), strong: lookOf(plain.Bold(true)), muted: lookOf(muted), accent: lookOf(fg(p.accent)),
		second: lookOf(fg(p.second)), tentative: lookOf(meant), lost: lookOf(muted.Strikethrough(true)),
		here: lookOf(fg(p.info).Underline(true)),
		ok:   lookOf(fg(p.ok)), warn: lookOf(fg(p.warn)), fail: lookOf(fg(p.fail).Bold(true)), info: lookOf(fg(p.info)),
		border: lookOf(line), borderFocus: lookOf(fg(p.focus)),
		title: lookOf(muted), titleFocus: lookOf(fg(p.focus).Bold(true)),
		key:      lookOf(fg(p.accent).Bold(true)),
		match:    lookOf(fg(p.accent).Bold(true).Underline(true)),
		selected: p.selected,
		glyphs:   unicodeGlyphs(),
	}
	return s
}

// state gives the sign and the style of a stage's state.
func (s *styles) state(state event.State) (sign string, style look) {
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
func (s *styles) severity(level urlspec.Severity) (sign string, style look) {
	switch level {
	case urlspec.Error:
		return s.glyphs.fail, s.fail
	case urlspec.Warning:
		return s.glyphs.warn, s.warn
	}
	return s.glyphs.waiting, s.info
}

// part gives the style of one kind of URL text.
func (s *styles) part(kind urlspec.Kind) look {
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
		return s.lost
	}
	return s.text
}

// squiggle underlines a part that a problem points to. Terminals that know no
// curly underline draw a straight one, and the pointer row says it anyway.
func (s *styles) squiggle(part, level look) look {
	return lookOf(part.style.UnderlineStyle(lipgloss.UnderlineCurly).UnderlineColor(level.style.GetForeground()))
}
