package report_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/model/finding"
	"xmppscope/model/inspect"
	"xmppscope/model/matrix"
	"xmppscope/model/modeltest"
	"xmppscope/model/report"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// spring is a time in which the certificates of the stories are valid.
var spring = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// rowsOf are all rows of a run.
func rowsOf(r *model.Run) []fact.Fact {
	facts := slices.Concat(r.ConnectionFacts(), r.LoginFacts())
	for _, s := range r.Stages {
		facts = append(facts, r.StageFacts(s.Name, spring)...)
	}
	for _, room := range r.Rooms {
		facts = append(facts, r.RoomFacts(room)...)
	}
	for _, d := range r.Deliveries {
		facts = append(facts, r.DeliveryFacts(d)...)
	}
	return append(facts, finding.Apprise(r).Fact(), r.Outcome().Fact())
}

// TestFacts holds the rows of every run to what their type promises.
func TestFacts(t *testing.T) {
	all := modeltest.All(t)
	if len(all) < 150 {
		t.Fatalf("%d stories, want all of the findings' and of the recordings", len(all))
	}
	for _, s := range all {
		checkRows(t, s.Name, rowsOf(s.Run()))
	}
	for _, x := range modeltest.Explorations() {
		m := matrix.New(urlspec.Parse(withCanary(x.URL)), x.Cells, x.Login, model.TrustMozilla)
		facts := append(slices.Concat(matrix.PlaceFacts(x.Cells), m.TLSFacts()), m.Sum())
		for i := range m.Ways {
			facts = append(facts, m.WayFacts(i)...)
		}
		checkRows(t, x.Name, facts)
	}
}

func checkRows(t *testing.T, name string, facts []fact.Fact) {
	t.Helper()
	label := ""
	for _, f := range facts {
		if f.Label != "" || f.Role == fact.RoleHeading {
			label = f.Label
		}
		switch {
		case f.Role != fact.RoleHeading && label == "":
			t.Errorf("%s: a row without a label: %+v", name, f)
		case f.Text == "", strings.HasSuffix(f.Text, "."), strings.HasSuffix(strings.TrimSpace(f.Text), ":"),
			strings.Contains(f.Text, "  "):
			t.Errorf("%s: %q is no text of a row: %+v", name, f.Text, f)
		case strings.ContainsFunc(f.Label+f.Text, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\u202e' }):
			t.Errorf("%s: a row is not safe to show: %+q", name, f.Text)
		case modeltest.Leaks(f.Text) != "":
			t.Errorf("%s: the password is in a row: %s", name, f.Text)
		}
	}
}

// TestRowsAgreeWithJSON: what the JSON result says of a run the rows say too,
// and a run is ok in both or in none.
func TestRowsAgreeWithJSON(t *testing.T) {
	for _, s := range modeltest.All(t) {
		r := s.Run()
		told := map[string]bool{}
		var rows strings.Builder
		for _, f := range rowsOf(r) {
			told[f.Label+": "+f.Text] = true
			fmt.Fprintf(&rows, "%s: %s\n", f.Label, f.Text)
		}
		for _, want := range valuesOf(t, r) {
			if !told[want] && !strings.Contains(rows.String(), want) {
				t.Errorf("%s: no row says %q; there are\n%s", s.Name, want, &rows)
			}
		}
	}
}

// valuesOf are the values of the JSON result of a run, as rows have them.
func valuesOf(t *testing.T, r *model.Run) []string {
	t.Helper()
	var result struct {
		OK          bool
		FailedStage string `json:"failed_stage"`
		TCP         *struct{ Address, Proxy string }
		TLS         *struct {
			Version, Cipher, Issuer, Problem, SHA256 string
			NotAfter                                 string `json:"not_after"`
			Verified                                 bool
			Names                                    []string
		}
		SASL *struct {
			Offered, Bindings []string
			Predicted, Used   string
			ChannelBinding    string `json:"channel_binding"`
			Flag              string `json:"gs2_flag"`
			Iterations        int
			Failure           *struct{ Condition, Text string }
		}
		BoundJID string `json:"bound_jid"`
		Rooms    []struct {
			JID, Nick, Role string
			Joined          bool
			Codes           []int
			Error           *struct{ Condition, Text, By, Type string }
		}
		Deliveries []struct {
			To, ID   string
			Evidence event.Evidence
			Changed  bool
			Error    *struct {
				Condition, Text string
				Unsure          bool
			}
		}
		Apprise *struct {
			Report     string   `json:"would_report"`
			Deliver    bool     `json:"would_deliver"`
			DeliversTo []string `json:"delivers_to"`
			Because    string
		}
	}
	if err := json.Unmarshal([]byte(marshal(t, report.ResultOf(t.Context(), r))), &result); err != nil {
		t.Fatal(err)
	}
	var values []string
	want := func(ask bool, format string, args ...any) {
		if ask {
			values = append(values, fmt.Sprintf(format, args...))
		}
	}
	want(result.OK, "result: ok after ")
	cancelled := r.Failure != nil && r.Failure.Cause == event.CauseCancelled
	want(cancelled, "result: cancelled after ")
	want(!result.OK && !cancelled && result.FailedStage != "", "result: failed at %s after ", result.FailedStage)
	if tcp := result.TCP; tcp != nil {
		want(tcp.Address != "", "TCP: %s\n", tcp.Address)
		want(tcp.Proxy != "", "proxy: %s\n", tcp.Proxy)
	}
	if tls := result.TLS; tls != nil {
		certificate := len(tls.Names) > 0 || tls.SHA256 != ""
		want(tls.Version != "", "TLS: %s %s\n", tls.Version, tls.Cipher)
		want(certificate && tls.Verified, "certificate: valid for the JID domain\n")
		want(certificate && !tls.Verified, "certificate: not valid")
		want(certificate && tls.Problem != "", "certificate: not valid: %s\n", tls.Problem)
		want(len(tls.Names) > 0, "names: %s\n", strings.Join(tls.Names, ", "))
		want(certificate && tls.Issuer != "", "issuer: %s\n", tls.Issuer)
		want(certificate && tls.NotAfter != "", "valid until: %s\n", tls.NotAfter)
		want(tls.SHA256 != "", "SHA-256: %s\n", inspect.Colons(tls.SHA256))
	}
	if sasl := result.SASL; sasl != nil {
		want(sasl.Used != "", "used: %s: ", sasl.Used)
		want(sasl.Predicted != "" && sasl.Predicted != sasl.Used, "predicted: %s: ", sasl.Predicted)
		want(sasl.Used != "" && sasl.ChannelBinding != "", "bound to the TLS connection by %s", sasl.ChannelBinding)
		want(len(sasl.Bindings) > 0, "binding types: the server knows %s\n", strings.Join(sasl.Bindings, ", "))
		want(sasl.Iterations > 0, "iterations: %d rounds", sasl.Iterations)
		want(sasl.Flag != "", "our flag: %s: ", sasl.Flag)
		for _, m := range sasl.Offered {
			want(true, "%s", m)
		}
		if f := sasl.Failure; f != nil {
			want(true, "refusal: %s\n", answer(f.Condition, f.Text))
		}
	}
	want(result.BoundJID != "", "bound JID: %s\n", result.BoundJID)
	for _, room := range result.Rooms {
		want(true, "room: %s\n", room.JID)
		want(room.Joined, "join: joined as %s\n", room.Nick)
		want(room.Role != "", "role: %s", room.Role)
		for _, code := range room.Codes {
			want(true, "status %d: ", code)
		}
		if e := room.Error; e != nil && !room.Joined {
			want(true, "join: not joined: %s\n", answer(e.Condition, e.Text))
			want(e.By != "", "from: %s\n", e.By)
			want(e.Type != "", "error type: %s\n", e.Type)
		}
	}
	for _, d := range result.Deliveries {
		want(true, "message: %s\n", d.To)
		want(d.ID != "", "stanza id: %s\n", d.ID)
		switch e := d.Error; {
		case e != nil && d.Evidence == event.NotSent:
			want(true, "evidence: not sent: %s\n", answer(e.Condition, e.Text))
		case e != nil && e.Unsure:
			want(true, "evidence: an error came that may be about it: %s\n", answer(e.Condition, e.Text))
		case e != nil:
			want(true, "evidence: came back: %s\n", answer(e.Condition, e.Text))
		default:
			changed := ""
			if d.Changed {
				changed = ", with another text than ours"
			}
			want(true, "evidence: %s%s\n", d.Evidence.Words(), changed)
			want(d.Evidence != event.NotSent, "proves: %s\n", d.Evidence.Proves())
		}
	}
	if v := result.Apprise; v != nil {
		want(v.Report == "success", "verdict: Apprise would report success (exit code 0)")
		want(v.Report == "failure", "verdict: Apprise would report failure (exit code 1)")
		want(v.Report == "either", "verdict: Apprise would report success (exit code 0) or failure (exit code 1), by chance")
		want(v.Report == "", "verdict: This run does not show what Apprise would report")
		want(v.Deliver, "everything would arrive")
		want(len(v.DeliversTo) > 0, "messages would arrive only at %s", strings.Join(v.DeliversTo, ", "))
		want(true, "Why: %s", v.Because)
	}
	return values
}

// answer is a condition and a text as all fronts show them.
func answer(condition, text string) string {
	return (&event.Failure{Condition: condition, Text: text}).Answer()
}

// TestReportHasTheRows: the report says what the rows say.
func TestReportHasTheRows(t *testing.T) {
	for _, s := range modeltest.All(t) {
		r := s.Run()
		text := unescaped(report.New(t.Context(), r, "xmppscope", "now").Markdown())
		facts := slices.Concat(r.ConnectionFacts(), r.LoginFacts())
		for _, room := range r.Rooms {
			facts = append(facts, r.RoomFacts(room)...)
		}
		for _, d := range r.Deliveries {
			facts = append(facts, r.DeliveryFacts(d)...)
		}
		wants := []string{"\nResult: " + r.Sentence() + ".\n"}
		for _, f := range facts {
			if f.Label != "" {
				wants = append(wants, "| "+f.Label+" | "+f.Text+" |\n")
			}
		}
		wants = append(wants, "\n"+finding.Apprise(r).Fact().Text+".\n")
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the report lacks %q:\n%s", s.Name, want, text)
			}
		}
	}
}

// TestMatrixRows: what the JSON lines of an exploration say its rows say too.
func TestMatrixRows(t *testing.T) {
	for _, x := range modeltest.Explorations() {
		m := matrix.New(urlspec.Parse(withCanary(x.URL)), x.Cells, x.Login, model.TrustMozilla)
		var rows strings.Builder
		for _, f := range slices.Concat(matrix.PlaceFacts(x.Cells), m.TLSFacts(), []fact.Fact{m.Sum()}) {
			fmt.Fprintf(&rows, "%s %s: %s\n", f.State, f.Label, f.Text)
		}
		var wants []string
		for _, c := range x.Cells {
			wants = append(wants, c.Address, string(c.Mode))
			switch p := c.Prediction(true); {
			case c.Failure != nil:
				wants = append(wants, c.Failure.Brief())
			case c.Certificate != nil:
				wants = append(wants, "warn "+string(c.Mode)+": "+c.TLSVersion+", certificate not valid: "+c.Certificate.Detail)
			case c.Encrypted():
				wants = append(wants, "ok "+string(c.Mode)+": "+c.TLSVersion+", "+p.Mechanism+" by "+p.Binding)
			default:
				wants = append(wants, "warn "+string(c.Mode)+": no TLS; "+p.Mechanism)
			}
		}
		for i, w := range m.Ways {
			facts := m.WayFacts(i)
			for _, f := range facts {
				fmt.Fprintf(&rows, "%s %s: %s\n", f.State, f.Label, f.Text)
			}
			wants = append(wants, fmt.Sprintf("url %d: %s: %s\n", i+1, w.Edit.Label, w.Grade), "URL: "+w.Edit.URL+"\n",
				"login: "+w.Mechanism, w.Doubt, w.Apprise)
			wants = append(wants, w.Notes...)
		}
		for _, c := range m.Channels {
			wants = append(wants, c.Because)
			if c.Sure != matrix.CannotTell {
				wants = append(wants, string(c.Sure))
			}
		}
		for _, want := range wants {
			if !strings.Contains(rows.String(), want) {
				t.Errorf("%s: no row says %q:\n%s", x.Name, want, &rows)
			}
		}
		if sum := m.Sum(); (sum.State == event.OK) != m.OK || sum.Role != fact.RoleSum {
			t.Errorf("%s: ok is %v, and the sum is %+v", x.Name, m.OK, sum)
		}
	}
}

// marshal is a value as JSON.
func marshal(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestResultIsSafe: no result of a run holds the password of its URL.
func TestResultIsSafe(t *testing.T) {
	for _, s := range modeltest.Stories() {
		if form := modeltest.Leaks(marshal(t, report.ResultOf(t.Context(), s.Run()))); form != "" {
			t.Errorf("%s: the result holds the password as %q", s.Name, form)
		}
	}
}
