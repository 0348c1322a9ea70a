package journey

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// phases are the words for what a failure of a stage is to the run.
var phases = map[event.Phase]string{
	event.PhaseConnect:  "connecting",
	event.PhaseTLS:      "TLS",
	event.PhaseFeatures: "connecting or login",
	event.PhaseLogin:    "login",
	event.PhaseSession:  "rooms and targets",
}

// stageWork says what happens in a stage.
var stageWork = map[event.Stage]string{
	event.StageWait:     "the pause before a further attempt",
	event.StageDNS:      "the host's name is looked up; SRV records are looked up as advice",
	event.StageTCP:      "the connection is made, to one address after the other",
	event.StageStream:   "both sides open the XML stream",
	event.StageSTARTTLS: "the server is asked for TLS inside the stream",
	event.StageTLS:      "the handshake; the certificate must name the JID's domain",
	event.StageFeatures: "the server says which logins it offers",
	event.StageSASL:     "a login mechanism is chosen, and the account logs in",
	event.StageBind:     "the server gives the connection its full JID",
	event.StageRoster:   "the contact list is fetched",
	event.StageMUC:      "the rooms among the targets are joined",
	event.StageSend:     "the messages are written",
	event.StageAck:      "the evidence for each message is waited for",
	event.StageClose:    "both sides end the stream",
}

// stageTable lists the stages with their steps, phases and conditions.
func stageTable(t *testing.T) string {
	t.Helper()
	conditions := []struct {
		when  string
		scope event.Scope
	}{
		{"always", event.Scope{Mode: urlspec.ModeNone}},
		{"with STARTTLS", event.Scope{Mode: urlspec.ModeSTARTTLS}},
		{"unless mode=none", event.Scope{Mode: urlspec.ModeTLS}},
		{"with roster=yes", event.Scope{Mode: urlspec.ModeNone, Roster: true}},
		{"for rooms", event.Scope{Mode: urlspec.ModeNone, Rooms: true}},
		{"when sending", event.Scope{Mode: urlspec.ModeNone, Sends: true}},
	}
	var b strings.Builder
	b.WriteString("| stage | lamp | taken | what happens | a failure counts as |\n|---|---|---|---|---|\n")
	for _, step := range event.Steps() {
		for _, s := range step.Stages {
			taken := "with retry="
			for _, c := range conditions {
				if !slices.Contains(event.Planned(c.scope), s) {
					continue
				}
				taken = c.when
				// Direct TLS has the handshake, and so does STARTTLS.
				direct := event.Planned(event.Scope{Mode: urlspec.ModeTLS})
				if c.scope.Mode != urlspec.ModeSTARTTLS || !slices.Contains(direct, s) {
					break
				}
			}
			phase := phases[s.Phase()]
			if s == event.StageWait {
				phase = "interrupted"
			}
			if stageWork[s] == "" || phase == "" {
				t.Errorf("say in readme_test.go what happens in the stage %s, and what its phase is called", s)
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", s, step.Name, taken, stageWork[s], phase)
		}
	}
	return b.String()
}

// evidenceTable is the ladder of evidence, the lowest rung first.
func evidenceTable() string {
	var b strings.Builder
	b.WriteString("| evidence | what it proves | is enough for |\n|---|---|---|\n")
	for _, e := range event.Rungs() {
		enough := "nothing"
		switch {
		case e.Suffices("groupchat"):
			enough = "a room"
		case e.Suffices("chat"):
			enough = "a user"
		}
		fmt.Fprintf(&b, "| *%s* | %s | %s |\n", e, cell(e.Proves()), enough)
	}
	return b.String()
}

// fieldName is a field of a failure, as a comment names it.
var fieldName = regexp.MustCompile(`Failure\.[A-Z][a-z]+|\bCondition\b|\bText\b`)

// causeTable lists the causes of failures, which JSON has as "cause".
func causeTable(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("| cause | meaning |\n|---|---|\n")
	for _, c := range constants(t, "xmppcore/event/cause.go", "Cause") {
		f := event.Failure{Cause: event.Cause(c.value)}
		meaning := f.Sentence()
		if strings.Contains(c.comment, "Failure.") || strings.Contains(c.comment, "Condition") {
			meaning = c.comment // says which field has more
		}
		meaning = fieldName.ReplaceAllStringFunc(meaning, func(name string) string {
			return "`" + strings.ToLower(strings.TrimPrefix(name, "Failure.")) + "`"
		})
		fmt.Fprintf(&b, "| `%s` | %s |\n", c.value, cell(meaning))
	}
	return b.String()
}

// constant is a typed constant of a source file.
type constant struct{ value, comment string }

// constants reads the constants of a type from the file that declares them.
func constants(t *testing.T, file, typ string) []constant {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var found []constant
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		name, ok := spec.Type.(*ast.Ident)
		value, isLiteral := spec.Values[0].(*ast.BasicLit)
		if !ok || !isLiteral || name.Name != typ {
			return true
		}
		text, err := strconv.Unquote(value.Value)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, constant{text, strings.TrimSpace(spec.Comment.Text())})
		return true
	})
	if len(found) < 5 {
		t.Fatalf("%s declares only %d constants of type %s", file, len(found), typ)
	}
	return found
}
