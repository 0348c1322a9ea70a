package ui

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

var update = flag.Bool("update", false, "write the golden frames anew")

// scenes are the situations that have golden frames.
func scenes() map[string]func(t *testing.T, w, h int) *stage {
	all := map[string]func(t *testing.T, w, h int) *stage{
		"half-typed": func(t *testing.T, w, h int) *stage { return open(t, w, h, Options{URL: halfURL}) },
		"valid": func(t *testing.T, w, h int) *stage {
			return open(t, w, h, Options{URL: goodURL, Body: "Disk 91% on db1.example.test"})
		},
		"rejected": func(t *testing.T, w, h int) *stage { return open(t, w, h, Options{URL: rejectedURL}) },
		"warned":   func(t *testing.T, w, h int) *stage { return open(t, w, h, Options{URL: warnedURL}) },
		"empty":    func(t *testing.T, w, h int) *stage { return open(t, w, h, Options{}) },
		"running": func(t *testing.T, w, h int) *stage {
			s := open(t, w, h, Options{URL: goodURL, Run: running().run})
			s.press("enter")
			s.hear(len(running().events))
			return s
		},
		"failed": func(t *testing.T, w, h int) *stage {
			s := open(t, w, h, Options{URL: goodURL, Run: failing().run})
			s.press("enter")
			s.finish()
			s.press("esc")
			return s
		},
		"delivered": func(t *testing.T, w, h int) *stage {
			s := open(t, w, h, Options{URL: goodURL, Title: "Disk", Body: "91% on db1.example.test"})
			s.press("ctrl+s", "enter")
			s.finish()
			return s
		},
		"confirm": func(t *testing.T, w, h int) *stage {
			s := open(t, w, h, Options{URL: goodURL, Title: "Disk", Body: "91% on db1.example.test"})
			s.press("ctrl+s")
			return s
		},
		"password": func(t *testing.T, w, h int) *stage {
			s := open(t, w, h, Options{URL: "xmpps://alice@example.test/bob"})
			s.press("enter", "secret")
			return s
		},
		"in-clear": func(t *testing.T, w, h int) *stage {
			s := open(t, w, h, Options{URL: "xmpp://alice:pw@example.test/bob"})
			s.press("enter")
			return s
		},
		"completion": func(t *testing.T, w, h int) *stage {
			s := open(t, w, h, Options{URL: "xmpps://alice:pw@example.test/bob?"})
			s.press("r", "down")
			return s
		},
		"compare": func(t *testing.T, w, h int) *stage {
			s := open(t, w, h, Options{URL: goodURL, Run: failing().run})
			s.press("enter")
			s.finish()
			s.press("esc", "f")
			s.finish()
			s.press("]", "=") // the fix did not help, so the run before it is shown
			return s
		},
	}
	for name, keys := range map[string][]string{
		"unsafe": {"!"}, "unsafe-made": {"!", "y"},
	} {
		all[name] = func(t *testing.T, w, h int) *stage {
			s := open(t, w, h, Options{URL: goodURL, Run: expired})
			s.press("enter")
			s.finish()
			s.press(keys...)
			s.finish()
			return s
		}
	}
	for name, keys := range map[string][]string{
		"partial": nil, "partial-send": {"7", "esc"}, "resend": {"S"}, "edited-since": {"ctrl+l", "&subject=yes", "esc"},
		"zoom": {"3", "z"}, "palette": {"ctrl+p"},
	} {
		all[name] = func(t *testing.T, w, h int) *stage {
			s := open(t, w, h, Options{URL: "xmpps://alice:pw@example.test/bob/ghost/%23ops@conference.example.test",
				Body: "hi", Run: partial})
			s.press("ctrl+s", "enter")
			s.finish()
			s.press(keys...)
			return s
		}
	}
	all["meant"] = func(t *testing.T, w, h int) *stage {
		s := open(t, w, h, Options{})
		s.press("xmpps://alice:p@ss:w0rd@corp.example/#ops/bob?mode=tls")
		return s
	}
	for name, keys := range map[string][]string{
		"certificate": {"C"}, "stage-tls": {"3", "g", "down", "down", "down", "down", "enter"}, "stage-sasl": {"3", "g",
			"down", "down", "down", "down", "down", "down", "enter"},
	} {
		all[name] = func(t *testing.T, w, h int) *stage {
			s := open(t, w, h, Options{URL: goodURL, Run: explained(t).run})
			s.press("enter")
			s.finish()
			s.press("esc")
			s.press(keys...)
			return s
		}
	}
	for name, keys := range map[string][]string{
		"sent": nil, "recipient-room": {"enter"}, "recipient-user": {"down", "enter"}, "preview": {"v"},
	} {
		all[name] = func(t *testing.T, w, h int) *stage {
			s := open(t, w, h, Options{URL: goodURL, Title: "Disk", Body: "91% on db1.example.test", Run: joined().run})
			s.press("ctrl+s", "enter")
			s.finish()
			s.press("esc", "7", "esc", "g")
			s.press(keys...)
			return s
		}
	}
	for name, n := range map[string]int{"matrix": -1, "matrix-looking": 3} {
		all[name] = func(t *testing.T, w, h int) *stage {
			s := open(t, w, h, Options{URL: goodURL, Explore: looks{someCells()[:max(n, 0)], true}.explore})
			if n < 0 {
				s = open(t, w, h, Options{URL: goodURL})
			}
			s.press("esc", "M")
			s.seen(n)
			return s
		}
	}
	// Every pane and dialog over a failed run.
	for name, keys := range map[string][]string{
		"jids": {"2", "down"}, "params": {"4", "down"}, "events": {"5", "N"}, "xml": {"6", "g", "down",
			"enter"}, "send": {"7"}, "help": {"?"},
		"palette": {"ctrl+p", "run"}, "details": {"d"}, "event": {"5",
			"enter"}, "runs": {"H"}, "privacy": {"p"}, "filter": {"5", "&", "tls"},
		"search": {"5", "/", "server"}, "xml-search": {"6", "g", "/", "starttls"},
	} {
		all["pane-"+name] = func(t *testing.T, w, h int) *stage {
			s := open(t, w, h, Options{URL: goodURL, Title: "Disk", Body: "91% on db1.example.test", Run: failing().run})
			s.press("enter")
			s.finish()
			s.press("esc")
			s.press(keys...)
			return s
		}
	}
	return all
}

// mainScenes have golden frames on a narrow and on a large screen too; the sweep
// of sizes holds what must be true of the others there.
var mainScenes = []string{"meant", "partial", "empty", "half-typed", "valid", "rejected", "running", "failed",
	"delivered", "confirm",
	"matrix"}

func TestGoldenFrames(t *testing.T) {
	for name, scene := range scenes() {
		sizes := [][2]int{{80, 24}, {120, 40}}
		if slices.Contains(mainScenes, name) {
			sizes = append(sizes, [2]int{60, 20}, [2]int{200, 60}, [2]int{40, 10})
		}
		for _, d := range sizes {
			t.Run(name+"/"+size(d[0], d[1]), func(t *testing.T) {
				s := scene(t, d[0], d[1])
				golden(t, name+"-"+size(d[0], d[1])+".txt", s.plain()+s.looks())
			})
		}
	}
}

// The looks of one busy frame in every theme, escape codes included.
func TestGoldenThemes(t *testing.T) {
	for _, theme := range []Theme{ThemeDark, ThemeLight, ThemeANSI} {
		t.Run(string(theme), func(t *testing.T) {
			s := open(t, 80, 24, Options{URL: warnedURL, AsRead: true, Run: failing().run, Theme: theme})
			s.press("enter")
			s.finish()
			s.press("esc", "4")
			golden(t, "theme-"+string(theme)+".ansi", s.View().Content+"\n")
			meant := scenes()["meant"](t, 80, 24)
			meant.opts.Theme = theme
			meant.restyle()
			golden(t, "theme-"+string(theme)+"-meant.ansi", meant.View().Content+"\n")
		})
	}
}

// The main screens with --ascii.
func TestGoldenASCII(t *testing.T) {
	for _, name := range mainScenes {
		t.Run(name, func(t *testing.T) {
			s := scenes()[name](t, 80, 24)
			s.opts.ASCII = true
			golden(t, "ascii-"+name+".txt", s.plain())
		})
	}
}

// The main screens with NO_COLOR: the same text, and no colour, by way of what takes
// colours out for Bubble Tea.
func TestNoColorFrames(t *testing.T) {
	colour := regexp.MustCompile(`\x1b\[(?:[0-9:;]*;)?(?:3[0-8]|4[0-8]|58|9[0-7]|10[0-7])[;:m]`)
	for _, name := range mainScenes {
		t.Run(name, func(t *testing.T) {
			s := scenes()[name](t, 80, 24)
			for _, theme := range []Theme{ThemeDark, ThemeANSI} {
				s.opts.Theme = theme
				s.restyle()
				var out strings.Builder
				w := colorprofile.Writer{Forward: &out, Profile: colorprofile.ASCII}
				if _, err := w.WriteString(s.View().Content); err != nil {
					t.Fatal(err)
				}
				if found := colour.FindString(out.String()); found != "" || !colour.MatchString(s.View().Content) {
					t.Errorf("%s: %q is left", theme, found)
				}
				if got := ansi.Strip(out.String()); got != ansi.Strip(s.View().Content) {
					t.Errorf("%s: the text is another:\n%s", theme, got)
				}
			}
		})
	}
}

// With --ascii every sign of ours is ASCII.
func TestASCIIFrames(t *testing.T) {
	for name, keys := range situations() {
		t.Run(name, func(t *testing.T) {
			s := open(t, 120, 40, Options{URL: goodURL, Body: "hi", Run: explained(t).run, ASCII: true})
			s.press("enter")
			s.finish()
			if name == "compare" {
				s.press("esc")
			}
			s.press(keys...)
			s.finish()
			for _, line := range strings.Split(s.plain(), "\n") {
				for _, r := range line {
					if r > 0x7e {
						t.Fatalf("%q in %q", r, line)
					}
				}
			}
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("..", "testdata", "frames", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; -update writes it anew. Got:\n%s\nwant:\n%s", name, got, want)
	}
}
