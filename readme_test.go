package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/model/finding"
	"xmppscope/ui"
	"xmppscope/urlspec"
)

var update = flag.Bool("update", false, "rewrite the generated parts of README.md and the expected output of scripts")

// TestREADME holds the tables of the README to the program's own: what stands
// between <!-- name --> and <!-- end --> is made here. Run it with -update
// after a change.
func TestREADME(t *testing.T) {
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for name, section := range map[string]string{
		"exit codes": exitCodeTable(),
		"parameters": parameterTable(),
		"problems":   problemTable(),
		"findings":   findingTable(),
		"modules":    moduleTable(t),
		"keys":       ui.KeyTable(),
	} {
		begin := "<!-- " + name + " -->\n"
		before, rest, found := strings.Cut(text, begin)
		old, after, closed := strings.Cut(rest, "<!-- end -->")
		if !found || !closed {
			t.Fatalf("README.md has no section %q", name)
		}
		if old != section && !*update {
			t.Errorf("the section %q is not what the program says; run go test -run README -update", name)
		}
		text = before + begin + section + "<!-- end -->" + after
	}
	if *update {
		if err := os.WriteFile("README.md", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestREADMECommands: every command and every type of JSON line is in the README.
func TestREADMECommands(t *testing.T) {
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, command := range (&app{}).root().Commands() {
		if !strings.Contains(text, "\nxmppscope "+command.Name()+" ") {
			t.Errorf("the README does not list the command %s", command.Name())
		}
	}
	for _, kind := range []string{"explain", "code", "plan", "event", "result", "fix", "cell", "matrix", "certificate", "problem", "demo"} {
		if !strings.Contains(text, "\n| `"+kind+"` | ") {
			t.Errorf("the README does not describe the JSON lines of type %s", kind)
		}
	}
}

func exitCodeTable() string {
	var b strings.Builder
	b.WriteString("| code | meaning |\n|---|---|\n")
	for _, m := range model.ExitMeanings() {
		fmt.Fprintf(&b, "| %d | %s |\n", m.Code, m.Meaning)
	}
	return b.String()
}

func parameterTable() string {
	var b strings.Builder
	b.WriteString("| parameter | takes | default | what it is for | in Apprise | here |\n|---|---|---|---|---|---|\n")
	for _, p := range urlspec.Parameters() {
		takes := string(p.Kind)
		if len(p.Values) > 0 {
			takes = strings.Join(p.Values, ", ")
		}
		help := p.Help
		if !p.Documented {
			help += " Not in Apprise's documentation."
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", p.Name, takes, p.Default, cell(help), cell(p.InApprise), cell(p.Here))
	}
	return b.String()
}

func problemTable() string {
	var b strings.Builder
	b.WriteString("| code | severity | raised by |\n|---|---|---|\n")
	for _, c := range urlspec.Codes() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Code, c.Severity, cell(c.Help))
	}
	return b.String()
}

// cell keeps a text inside its cell of a Markdown table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

func findingTable() string {
	var b strings.Builder
	b.WriteString("| code | meaning |\n|---|---|\n")
	for _, f := range finding.Codes() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", f.Code, cell(f.Help))
	}
	return b.String()
}

// moduleTable lists the modules that the program or its tests import, with the
// versions of go.mod.
func moduleTable(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{
		"charm.land/bubbletea/v2":        "Bubble Tea",
		"charm.land/lipgloss/v2":         "Lip Gloss",
		"charm.land/bubbles/v2":          "Bubbles",
		"github.com/xmppo/go-xmpp":       "go-xmpp",
		"github.com/spf13/cobra":         "Cobra",
		"github.com/xdg-go/scram":        "SCRAM, for the built-in server",
		"mellium.im/xmpp":                "Mellium XMPP, for JIDs",
		"golang.org/x/net":               "SOCKS5, IDNA",
		"golang.org/x/term":              "password prompt",
		"golang.org/x/text":              "Unicode normal forms",
		"github.com/yuin/goldmark":       "Markdown",
		"github.com/yuin/goldmark-emoji": "names of emoji",
	}
	var b strings.Builder
	b.WriteString("| project | module | version |\n|---|---|---|\n")
	seen := 0
	for line := range strings.Lines(string(data)) {
		fields := strings.Fields(line)
		if len(fields) >= 2 && names[fields[0]] != "" {
			fmt.Fprintf(&b, "| %s | `%s` | %s |\n", names[fields[0]], fields[0], fields[1])
			seen++
		}
	}
	if seen < 4 {
		t.Fatalf("go.mod has only %d of the named modules", seen)
	}
	return b.String()
}
