package ui

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"xmppscope/model"
	"xmppscope/model/report"
	"xmppscope/ui/plain"
	"xmppscope/ui/urlview"
	"xmppscope/urlspec"
)

// The URLs of TestParametersAreToldAlike, up to their parameters.
const (
	encrypted = "xmpps://alice:canary@example.org/bob?"
	inClear   = "xmpp://alice:canary@example.org/bob?"
)

// settingCases are URLs with what is to be told of each parameter that is in
// them: "name | value as Apprise uses it | default in this URL | note". Where
// value and default are the same, the parameter is in no list of those that
// differ. "hidden" as note means that the value must not be shown.
var settingCases = []struct {
	url  string
	want []string
}{
	{inClear + "mode=tls", []string{`mode | tls | none | default none`}},
	{inClear + "mode=none", []string{`mode | none | none | `}},
	{inClear + "mode=", []string{`mode | none | none | written ""`}},
	{inClear + "mode=S", []string{`mode | starttls | none | default none; written "S"`}},
	{encrypted + "mode=tls", []string{`mode | tls | starttls | default starttls`}},
	{encrypted + "mode=starttls", []string{`mode | starttls | starttls | `}},
	{encrypted + "mode=none", []string{`mode | starttls | starttls | written "none"`}},
	{encrypted + "mode=none&mode=t", []string{`mode | tls | starttls | default starttls; written "t"`}},

	{encrypted + "to=carol,dave", []string{`to | carol,dave |  | `}},
	{encrypted + "to=", []string{`to |  |  | `}},
	{encrypted + "name=pager", []string{`name | pager | alice | default alice`}},
	{encrypted + "name=alice", []string{`name | alice | alice | `}},
	{encrypted + "name=alert-bot", []string{`name | alice | alice | written "alert-bot"`}},
	{encrypted + "xmpp=xmpp.example.org", []string{`xmpp | xmpp.example.org | example.org | default example.org`}},
	{encrypted + "xmpp=example.org", []string{`xmpp | example.org | example.org | `}},
	{encrypted + "xmpp=", []string{`xmpp | example.org | example.org | written ""`}},

	{encrypted + "scramplus=no", []string{`scramplus | no | yes | default yes`}},
	{encrypted + "scramplus=maybe", []string{`scramplus | yes | yes | written "maybe"`}},
	{encrypted + "verify=no", []string{`verify | no | yes | default yes`}},
	{encrypted + "verify=maybe", []string{`verify | no | yes | default yes; written "maybe"`}},
	{encrypted + "verify=", []string{`verify | no | yes | default yes; written ""`}},
	{encrypted + "verify=1", []string{`verify | yes | yes | written "1"`}},
	{inClear + "subject=true", []string{`subject | yes | no | default no; written "true"`}},
	{inClear + "subject=none", []string{`subject | no | no | written "none"`}},
	{encrypted + "roster=yes&keepalive=on", []string{
		`roster | yes | no | default no`, `keepalive | yes | no | default no; written "on"`}},
	{encrypted + "roster&keepalive=2", []string{
		`roster | no | no | written ""`, `keepalive | no | no | written "2"`}},
	{encrypted + "optional=yes&emojis=YES", []string{
		`optional | yes | no | default no`, `emojis | yes | no | default no; written "YES"`}},
	{encrypted + "optional=o&emojis=no", []string{`optional | no | no | written "o"`, `emojis | no | no | `}},

	{encrypted + "cto=4&retry=99&subject=true", []string{`cto | 4.0 | 4.0 | written "4"`,
		`retry | 10 | 0 | default 0; written "99"`, `subject | yes | no | default no; written "true"`}},
	{encrypted + "cto=10.50", []string{`cto | 10.5 | 4.0 | default 4.0; written "10.50"`}},
	{encrypted + "cto=soon", []string{`cto | 4.0 | 4.0 | written "soon"`}},
	{encrypted + "cto=nan&rto=inf", []string{`cto | nan | 4.0 | default 4.0`,
		`rto | inf | 4.0 | default 4.0; no effect in Apprise`}},
	{encrypted + "cto=1e20&rto=9", []string{`cto | 1e+20 | 4.0 | default 4.0; written "1e20"`,
		`rto | 9.0 | 4.0 | default 4.0; no effect in Apprise; written "9"`}},
	{encrypted + "rto=4.0", []string{`rto | 4.0 | 4.0 | no effect in Apprise`}},
	{encrypted + "retry=0", []string{`retry | 0 | 0 | `}},
	{encrypted + "retry=-3", []string{`retry | 0 | 0 | written "-3"`}},
	{encrypted + "retry=two", []string{`retry | 0 | 0 | written "two"`}},
	{encrypted + "retry=3&wait=2", []string{`retry | 3 | 0 | default 0`, `wait | 2.0 | 0.5 | default 0.5; written "2"`}},
	{encrypted + "wait=60", []string{`wait | 20.0 | 0.5 | default 0.5; written "60"`}},
	{encrypted + "wait=inf", []string{`wait | 0.5 | 0.5 | written "inf"`}},
	{encrypted + "wait=.5", []string{`wait | 0.5 | 0.5 | written ".5"`}},

	{encrypted + "overflow=Split&format=html", []string{`overflow | split | upstream | default upstream; written "Split"`,
		`format | html | text | default text`}},
	{encrypted + "overflow=spill&format=text", []string{`overflow | upstream | upstream | written "spill"`,
		`format | text | text | `}},

	{encrypted + "user=carol", []string{`user | carol | alice | default alice`}},
	{"xmpps://canary@example.org/bob?user=carol",
		[]string{`user | carol | •••••••• | default ••••••••`}},
	{encrypted + "user=carol&name=carol", []string{`user | carol | alice | default alice`, `name | carol | carol | `}},
	{encrypted + "pass=canary-2", []string{`pass | •••••••• |  | hidden`}},
	{encrypted + "password=canary-2&pass=canary-3", []string{`password | •••••••• |  | hidden`,
		`pass | •••••••• |  | hidden`}},
	{encrypted + "port=5223", []string{`port | 5223 | 5222 | default 5222`}},
	{encrypted + "port=5_222", []string{`port | 5222 | 5222 | written "5_222"`}},
	{encrypted + "port=abc&mode=tls", []string{`port | 5223 | 5223 | written "abc"`,
		`mode | tls | starttls | default starttls`}},
	{"xmpps://alice:canary@example.org:5269?port=99999999999999999999", []string{
		`port | 99999999999999999999 | 5269 | default 5269`}},

	{encrypted + "redirect=no&store=no", []string{`redirect | no | yes | default yes; no effect in Apprise`,
		`store | no | yes | default yes; no effect in Apprise`}},
	{encrypted + "redirect=yes&store=perhaps", []string{`redirect | yes | yes | no effect in Apprise`,
		`store | no | yes | default yes; no effect in Apprise; written "perhaps"`}},
	{encrypted + "tz=europe/berlin", []string{`tz | Europe/Berlin |  | no effect in Apprise; written "europe/berlin"`}},
	{encrypted + "tz=UTC", []string{`tz | UTC |  | no effect in Apprise`}},

	{encrypted + "rooster=yes&rooster=no", []string{`rooster | no |  | unknown`}},
	{encrypted + "+roster=yes&roster=yes", []string{`+roster | yes |  | unknown`, `roster | yes | no | default no`}},
	{encrypted + "passwd=canary", []string{`passwd | •••••••• |  | hidden`}},
	{encrypted + "name=a%3Aword%40b", []string{`name | •••••••• | alice | hidden`}},
	{encrypted + "xmpp=h:5269", []string{`xmpp | h:•••••••• | example.org | default example.org`}},
	// might be a password
	{encrypted + "to=carol;pass=canary;rary", []string{`to | carol |  | `, `pass | •••••••• |  | hidden`}},
}

// expected is one parameter as it is to be told.
type expected struct{ name, value, initial, note string }

func (e expected) hidden() bool  { return e.note == "hidden" }
func (e expected) unknown() bool { return e.note == "unknown" }

// differs says whether it is in the lists of those that are not the default.
func (e expected) differs() bool { return !e.hidden() && !e.unknown() && e.value != e.initial }

// TestParametersAreToldAlike plays URLs through everything that tells of
// parameters, and compares each value and each default.
func TestParametersAreToldAlike(t *testing.T) {
	play := func(url string, want []expected) {
		t.Run(url, func(t *testing.T) {
			t.Parallel()
			spec := urlspec.Parse(url)
			if !spec.Reading.Accepted {
				t.Fatal("the URL is refused")
			}
			settingsTell(t, spec, want)
			paneTells(t, spec, want)
			lines := explainLines(t, plain.Shell{}, url)
			listTells(t, "explain", drawnList(lines), want)
			labels := plain.Shell{Look: plain.Look{Labels: true}}
			listTells(t, "explain --plain", labelledList(explainLines(t, labels, url)), want)
			report := report.New(t.Context(), model.NewRun(1, model.Check, spec, nil), "", "").Markdown()
			listTells(t, "the report", reportList(report), want)
			readingTells(t, spec)
			if all := strings.Join(lines, "\n") + report; strings.Contains(all, "canary") {
				t.Errorf("a password shows:\n%s", all)
			}
		})
	}
	seen := map[string]bool{}
	for _, c := range settingCases {
		var want []expected
		for _, row := range c.want {
			part := strings.Split(row, " | ")
			want = append(want, expected{part[0], part[1], part[2], part[3]})
			seen[part[0]] = true
		}
		play(c.url, want)
	}
	for _, p := range urlspec.Parameters() { // at least, all tell one thing
		if seen[p.Name] {
			continue
		}
		for _, value := range slices.Concat(p.Values, []string{"7", "x"}) {
			url := encrypted + p.Name + "=" + value
			spec := urlspec.Parse(url)
			for _, s := range spec.Settings() {
				if s.Set && spec.Reading.Accepted {
					play(url, []expected{{s.Name, s.Value, s.Default, s.Note()}})
				}
			}
		}
	}
}

func settingsTell(t *testing.T, spec urlspec.Spec, want []expected) {
	t.Helper()
	var told []string
	for _, s := range spec.Settings() {
		if !s.Set {
			if s.Value != s.Default || s.Note() != "" || s.Differs {
				t.Errorf("%s is not set, and is %q instead of %q, note %q", s.Name, s.Value, s.Default, s.Note())
			}
			continue
		}
		told = append(told, s.Name)
		i := slices.IndexFunc(want, func(e expected) bool { return e.name == s.Name })
		if i < 0 {
			continue
		}
		e, note := want[i], s.Note()
		switch {
		case e.unknown():
			note = map[bool]string{true: "known", false: "unknown"}[s.Known]
		case s.Secret:
			note = "hidden"
		}
		if got := (expected{s.Name, s.Value, s.Default, note}); got != e || e.differs() && !s.Differs {
			t.Errorf("Settings: %+v, want %+v", got, e)
		}
	}
	sameNames(t, "Settings", told, want, func(expected) bool { return true })
}

// paneTells reads the drawn pane: every row, those of the defaults too.
func paneTells(t *testing.T, spec urlspec.Spec, want []expected) {
	t.Helper()
	pane := paramsPane{}
	pane.read(spec)
	s := &screen{st: newStyles(ThemeDark)}
	const width = 400 // nothing is cut
	for i, line := range pane.draw(s, width, 99, false).lines[:len(pane.settings)] {
		line = ansi.Strip(line)
		row := pane.settings[i]
		name, rest, _ := strings.Cut(strings.TrimLeft(line, " •⚠!▸"), " ")
		rest = strings.TrimLeft(rest, " ")
		value, note := row.Default, ""
		if i := slices.IndexFunc(want, func(e expected) bool { return e.name == name }); i >= 0 {
			if value = want[i].value; !want[i].unknown() {
				note = want[i].note
			}
			if want[i].hidden() {
				value, note = urlview.Mask, ""
			}
		}
		if value == "" {
			value = "–"
		}
		if note != "" {
			note = "(" + note + ") "
		}
		after, ok := strings.CutPrefix(rest, value+" ")
		if !ok || strings.TrimSpace(after) != note+row.Help {
			t.Errorf("the pane tells %s as %q, want %q and %q", name, rest, value, note+row.Help)
		}
		if row.Name != name {
			t.Errorf("the pane calls %s %q", row.Name, name)
		}
	}
}

// listTells compares a list of the parameters that are not the default.
func listTells(t *testing.T, who string, told map[string][2]string, want []expected) {
	t.Helper()
	var names []string
	for name, got := range told {
		names = append(names, name)
		for _, e := range want {
			if e.name == name && (e.value != got[0] || e.note != got[1]) {
				t.Errorf("%s: %s is %q, want %+v", who, name, got, e)
			}
		}
	}
	sameNames(t, who, names, want, expected.differs)
}

func sameNames(t *testing.T, who string, told []string, want []expected, which func(expected) bool) {
	t.Helper()
	var names []string
	for _, e := range want {
		if which(e) {
			names = append(names, e.name)
		}
	}
	slices.Sort(names)
	slices.Sort(told)
	if !slices.Equal(names, told) {
		t.Errorf("%s tells of %q, want %q", who, told, names)
	}
}

func explainLines(t *testing.T, shell plain.Shell, url string) []string {
	t.Helper()
	var out bytes.Buffer
	shell.Out = &out
	if _, err := shell.Explain(plain.Explain{Source: plain.Source{Args: []string{url}}}); err != nil {
		t.Fatal(err)
	}
	return strings.Split(out.String(), "\n")
}

// gap parts the columns of a drawn list.
var gap = regexp.MustCompile(` {2,}`)

func drawnList(lines []string) map[string][2]string {
	told := map[string][2]string{}
	inside := false
	for _, line := range lines {
		switch {
		case line == "parameters that differ from their defaults":
			inside = true
		case line == "":
			inside = false
		case inside:
			columns := append(gap.Split(strings.TrimSpace(line), -1), "")
			told[columns[0]] = [2]string{columns[1], columns[2]}
		}
	}
	return told
}

// labelled is a line such as `parameter retry: 10 (default 0; written "99")`.
var labelled = regexp.MustCompile(`^parameter (\S+): (.*?)(?: \((.*)\))?$`)

func labelledList(lines []string) map[string][2]string {
	told := map[string][2]string{}
	for _, line := range lines {
		if m := labelled.FindStringSubmatch(line); m != nil {
			told[m[1]] = [2]string{m[2], m[3]}
		}
	}
	return told
}

func reportList(markdown string) map[string][2]string {
	told := map[string][2]string{}
	_, section, _ := strings.Cut(markdown, "## Parameters that differ from their defaults\n\n")
	section, _, _ = strings.Cut(section, "\n\n")
	for i, line := range strings.Split(strings.TrimSpace(section), "\n") {
		if i < 2 { // the head
			continue
		}
		cells := strings.Split(strings.Trim(strings.ReplaceAll(line, `\`, ""), "|"), "|")
		told[strings.TrimSpace(cells[0])] = [2]string{strings.TrimSpace(cells[1]), strings.TrimSpace(cells[2])}
	}
	return told
}

// readingFields are the fields of the reading that a parameter alone decides.
var readingFields = map[string]string{
	"mode": "mode", "name": "nick", "xmpp": "tcp_host", "scramplus": "scramplus", "verify": "verify", "subject": "subject",
	"roster": "roster", "keepalive": "keepalive", "cto": "cto", "retry": "retry", "wait": "wait", "optional": "optional",
	"overflow": "overflow", "format": "format", "emojis": "emojis", "port": "port", "rto": "rto", "redirect": "redirect",
	"tz": "tz",
}

// readingTells compares the settings, set or not, with the reading of
// explain --json.
func readingTells(t *testing.T, spec urlspec.Spec) {
	t.Helper()
	var out bytes.Buffer
	shell := plain.Shell{Out: &out}
	if _, err := shell.Explain(plain.Explain{Source: plain.Source{Args: []string{spec.Text}}, JSON: true}); err != nil {
		t.Fatal(err)
	}
	var line struct {
		Reading map[string]json.RawMessage `json:"reading"`
	}
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, s := range spec.Settings() {
		field, listed := readingFields[s.Name]
		if !listed {
			continue
		}
		if compared++; strings.Contains(s.Value, "••••••••") {
			continue
		}
		want := map[string]string{"true": "yes", "false": "no", "null": ""}[string(line.Reading[field])]
		if want == "" {
			want = strings.Trim(string(line.Reading[field]), `"`)
		}
		if want == "null" { // no zone, or a number that JSON does not have
			want = map[bool]string{true: s.Value, false: ""}[s.Value == "nan" || s.Value == "inf"]
		}
		if s.Value != want {
			t.Errorf("%s is %q, and %s of the reading %s", s.Name, s.Value, field, line.Reading[field])
		}
	}
	if compared != len(readingFields) {
		t.Errorf("%d of %d fields compared", compared, len(readingFields))
	}
}
