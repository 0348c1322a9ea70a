package plain

import (
	"runtime"
	"strconv"
	"strings"
)

// Environment is what decides how the program draws. The
// zero value is a pipe with nothing set.
type Environment struct {
	// Get gives an environment variable; nil means that none is set.
	Get func(name string) string
	// In, Out and Err say which of the streams are terminals.
	In, Out, Err bool
	// Width is the width of the terminal in cells, 0 when unknown.
	Width int
}

func (e Environment) get(name string) string {
	if e.Get == nil {
		return ""
	}
	return e.Get(name)
}

// Look decides how text is drawn. color is auto, always or never; labels asks
// for labelled lines. A flag wins over the environment, and only always puts
// colour where there is no terminal.
func (e Environment) Look(color string, labels bool) Look {
	look := Look{Labels: labels || e.Accessible(), Width: e.Width}
	switch color {
	case "always":
		look.Color = true
	case "auto":
		look.Color = e.Out && e.Err && !look.Labels && e.get("NO_COLOR") == "" && e.coloured()
	}
	if columns, err := strconv.Atoi(e.get("COLUMNS")); look.Width == 0 && err == nil {
		look.Width = max(columns, 0)
	}
	return look
}

// coloured says whether the terminal is of a kind that has colours. One that does
// not say what it is has none, but for Windows, where no terminal says so.
func (e Environment) coloured() bool {
	kind := e.get("TERM")
	return kind != "dumb" && (kind != "" || runtime.GOOS == "windows")
}

// Screen says whether there is a terminal that the UI can draw on.
func (e Environment) Screen() bool {
	return e.In && e.Out && e.get("TERM") != "dumb"
}

// Accessible says whether ACCESSIBLE asks for lines instead of a screen.
func (e Environment) Accessible() bool {
	on, err := strconv.ParseBool(e.get("ACCESSIBLE"))
	return err == nil && on
}

// Proxy is ALL_PROXY, whatever it names: a run says what it makes of it.
func (e Environment) Proxy() string { return e.either("ALL_PROXY") }

// NoProxy is NO_PROXY: the hosts that are reached without a proxy.
func (e Environment) NoProxy() string { return e.either("NO_PROXY") }

// either is a variable in capitals or in small letters.
func (e Environment) either(name string) string {
	if value := e.get(name); value != "" {
		return value
	}
	return e.get(strings.ToLower(name))
}
