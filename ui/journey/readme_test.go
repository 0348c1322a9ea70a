package journey

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"xmppscope/model"
	"xmppscope/model/finding"
	"xmppscope/model/inspect"
	"xmppscope/model/matrix"
	"xmppscope/model/report"
	"xmppscope/ui"
	"xmppscope/urlspec"
	"xmppscope/urlspec/document"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
)

// readme is the file of README.md.
var readme = filepath.Join(root, "README.md")

var update = flag.Bool("update", false, "rewrite the generated parts of README.md")

// TestREADME holds the tables of the README to the program's own: what stands
// between <!-- name --> and <!-- end --> is made here. Run it with -update
// after a change.
func TestREADME(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for name, section := range map[string]string{
		"exit codes": exitCodeTable(),
		"parameters": parameterTable(),
		"problems":   problemTable(urlspec.Codes()),
		"files":      problemTable(document.Codes()),
		"findings":   findingTable(),
		"modules":    moduleTable(t),
		"keys":       ui.KeyTable(),
		"flags":      flagTable(t),
		"stages":     stageTable(t),
		"evidence":   evidenceTable(),
		"causes":     causeTable(t),
		"fields":     fieldTable(),
		"mechanisms": mechanismList(),
		"worlds":     worldTable(),
		"packages":   packageMap(t),
	} {
		begin := "<!-- " + name + " -->\n"
		before, rest, found := strings.Cut(text, begin)
		old, after, closed := strings.Cut(rest, "<!-- end -->")
		if !found || !closed {
			t.Fatalf("README.md has no section %q", name)
		}
		if old != section && !*update {
			t.Errorf("the section %q is not what the program says; run go test ./ui/journey -run README -update", name)
		}
		text = before + begin + section + "<!-- end -->" + after
	}
	if *update {
		if err := os.WriteFile(readme, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestREADMECommands: every command and every type of JSON line is in the README.
func TestREADMECommands(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, name := range commands(t) {
		if !strings.Contains(text, "\nxmppscope "+name+" ") {
			t.Errorf("the README does not list the command %s", name)
		}
	}
	for _, kind := range constants(t, "model/fact/line.go", "LineType") {
		if !strings.Contains(text, "\n| `"+kind.value+"` | ") {
			t.Errorf("the README does not describe the JSON lines of type %s", kind.value)
		}
	}
}

// TestREADMELines: prose and pictures of the README fit a terminal; only tables
// may be wider.
func TestREADMELines(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	fenced := false
	for i, line := range strings.Split(string(data), "\n") {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		most := 120
		switch {
		case fenced:
			most = 80
		case strings.HasPrefix(line, "| "):
			continue
		}
		if w := ansi.StringWidth(line); w > most {
			t.Errorf("line %d of README.md has %d columns, more than %d", i+1, w, most)
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
	b.WriteString("| parameter | takes | what it does |\n|---|---|---|\n")
	for _, p := range urlspec.Parameters() {
		takes := string(p.Kind)
		if len(p.Values) > 0 {
			takes = strings.Join(p.Values, ", ")
		}
		if p.Default != "" {
			takes += "<br>default: " + p.Default
		}
		help := p.Help
		if !p.Documented {
			help += " Not in Apprise's documentation."
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s<br>*Apprise:* %s<br>*Here:* %s |\n",
			p.Name, cell(takes), cell(help), cell(p.InApprise), cell(p.Here))
	}
	return b.String()
}

func problemTable(codes []urlspec.CodeInfo) string {
	var b strings.Builder
	b.WriteString("| code | severity | raised by | fix |\n|---|---|---|---|\n")
	for _, c := range codes {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", c.Code, c.Severity, cell(c.Help), c.Fix)
	}
	return b.String()
}

// cell keeps a text inside its cell of a Markdown table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

func findingTable() string {
	var b strings.Builder
	b.WriteString("| code | what it means, and the edit of the URL that mends it |\n|---|---|\n")
	for _, f := range finding.Codes() {
		meaning := f.Help
		if f.Severity != urlspec.Error {
			meaning = strings.ToUpper(string(f.Severity[:1])) + string(f.Severity[1:]) + ": " + meaning
		}
		if f.Edit != "" {
			meaning += "<br>*Fix:* " + f.Edit
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", f.Code, cell(meaning))
	}
	return b.String()
}

// moduleTable lists the modules that the program or its tests import, with the
// versions of go.mod.
func moduleTable(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{
		"charm.land/bubbletea/v2":                "Bubble Tea",
		"charm.land/lipgloss/v2":                 "Lip Gloss",
		"charm.land/bubbles/v2":                  "Bubbles",
		"github.com/xmppo/go-xmpp":               "go-xmpp",
		"github.com/spf13/cobra":                 "Cobra",
		"github.com/xdg-go/scram":                "SCRAM, for the built-in server",
		"mellium.im/xmpp":                        "Mellium XMPP, for JIDs",
		"github.com/sahilm/fuzzy":                "search in the actions",
		"golang.org/x/net":                       "SOCKS5, IDNA",
		"golang.org/x/term":                      "password prompt",
		"golang.org/x/text":                      "Unicode normal forms",
		"github.com/yuin/goldmark":               "Markdown",
		"github.com/yuin/goldmark-emoji":         "names of emoji",
		"golang.org/x/crypto/x509roots/fallback": "the authorities of Mozilla's list",
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

// helpText is what the program prints for --help.
func helpText(t *testing.T, command ...string) string {
	t.Helper()
	text, errs, code := invoke(t, "", nil, append(command, "--help")...)
	if code != model.ExitDone || errs != "" {
		t.Fatalf("the help of %q ended with exit code %d:\n%s%s", command, code, text, errs)
	}
	return text
}

// commands are the names of the program's commands.
func commands(t *testing.T) []string {
	t.Helper()
	_, list, found := strings.Cut(helpText(t), "\nAvailable Commands:\n")
	list, _, _ = strings.Cut(list, "\n\n")
	if !found {
		t.Fatal("the help lists no commands")
	}
	var names []string
	for line := range strings.Lines(list) {
		names = append(names, strings.Fields(line)[0])
	}
	return names
}

// flagTable lists the flags of all commands, as their help has them. One that
// says the same for several commands is one row.
func flagTable(t *testing.T) string {
	t.Helper()
	type entry struct {
		flag, help string
		of         []string
	}
	var entries []*entry
	gather := func(command, text, section string) {
		_, text, found := strings.Cut(text, "\n"+section+":\n")
		if !found {
			return
		}
		text, _, _ = strings.Cut(text, "\n\n")
		for line := range strings.Lines(text) {
			name, help, found := strings.Cut(strings.TrimSpace(line), "   ")
			if name == "-h, --help" || strings.HasSuffix(name, "--version") || !found {
				continue
			}
			e := &entry{flag: name, help: strings.TrimSpace(help)}
			same := func(have *entry) bool { return have.flag == e.flag && have.help == e.help }
			if i := slices.IndexFunc(entries, same); i >= 0 {
				e = entries[i]
			} else {
				entries = append(entries, e)
			}
			if !slices.Contains(e.of, command) {
				e.of = append(e.of, command)
			}
		}
	}
	gather("all", helpText(t, "version"), "Global Flags")
	global := len(entries)
	gather("the screen", helpText(t), "Flags")
	for _, name := range commands(t) {
		gather("`"+name+"`", helpText(t, name), "Flags")
	}
	for _, e := range entries[:global] {
		e.of = []string{"all"}
	}
	word := func(e *entry) string { return e.flag[strings.Index(e.flag, "--"):] }
	slices.SortStableFunc(entries, func(a, b *entry) int { return cmp.Compare(word(a), word(b)) })
	var b strings.Builder
	b.WriteString("| flag | of | what it does |\n|---|---|---|\n")
	for _, e := range entries {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", e.flag, strings.Join(e.of, ", "), cell(e.help))
	}
	if len(entries) < 20 {
		t.Fatalf("the help has only %d flags", len(entries))
	}
	return b.String()
}

// fieldTable lists the fields of the objects in JSON lines. Those that may be
// absent have a question mark.
func fieldTable() string {
	objects := []struct {
		name  string
		value any
	}{
		{"line of type `event`", report.EventLine{}},
		{"its `data`, stage dns", event.DNS{}},
		{"tcp", event.TCP{}},
		{"stream", event.Stream{}},
		{"tls", event.TLS{}},
		{"features", event.Features{}},
		{"sasl", event.SASL{}},
		{"bind", event.Bind{}},
		{"roster", event.Roster{}},
		{"muc, and `rooms`", event.Room{}},
		{"send and ack, and `deliveries`", event.Delivery{}},
		{"close", event.Close{}},
		{"`failure`, `error`", event.Failure{}},
		{"line of type `result`", report.Result{}},
		{"`stages`", report.StageResult{}},
		{"`findings`", finding.Finding{}},
		{"`fix` of a finding", finding.Fix{}},
		{"`apprise`", finding.Verdict{}},
		{"`reading` of explain", urlspec.Reading{}},
		{"`problems` of explain", urlspec.Problem{}},
		{"line of type `cell`", event.Cell{}},
		{"line of type `matrix`", matrix.Matrix{}},
		{"its `ways`", matrix.Way{}},
		{"line of type `certificate`", inspect.Report{}},
	}
	var b strings.Builder
	b.WriteString("| object | fields |\n|---|---|\n")
	for _, o := range objects {
		fmt.Fprintf(&b, "| %s | %s |\n", o.name, strings.Join(jsonFields(reflect.TypeOf(o.value)), ", "))
	}
	return b.String()
}

func jsonFields(typ reflect.Type) []string {
	var fields []string
	for _, f := range reflect.VisibleFields(typ) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" || name == "v" || name == "type" && f.Type.Name() == "LineType" {
			continue
		}
		if strings.Contains(options, "omitempty") {
			name += "?"
		}
		fields = append(fields, name)
	}
	return fields
}

// mechanismList is what a run can log in with, the best first.
func mechanismList() string {
	return "`" + strings.Join(event.Mechanisms(), "`,\n`") + "`\n"
}

// worldTable lists the worlds of the demo.
func worldTable() string {
	var b strings.Builder
	b.WriteString("| world | what it shows |\n|---|---|\n")
	for _, w := range loopback.Worlds() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", w.Name, cell(w.Summary))
	}
	return b.String()
}
