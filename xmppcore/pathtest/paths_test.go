//go:build paths

package pathtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/xmppo/go-xmpp"

	"xmppscope/model"
	"xmppscope/model/finding"
	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
)

// TestPaths sends a message through every situation, by xmppscope and by the real
// Apprise, and prints what both did as a table.
func TestPaths(t *testing.T) {
	l := startLab(t)
	var table bytes.Buffer
	rows := tabwriter.NewWriter(&table, 0, 1, 2, ' ', 0)
	fmt.Fprintln(rows, "situation\tours\tforecast\tApprise")
	for _, p := range modeltest.Paths() {
		if only := os.Getenv("XMPPSCOPE_PATH"); only != "" && !strings.HasPrefix(p.Name, only) {
			continue
		}
		t.Run(p.Name, func(t *testing.T) {
			l.resolver.misbehave(p.Resolving)
			var run *model.Run
			var real string
			var both sync.WaitGroup // the two have nothing in common but the network
			both.Go(func() { run = l.send(t, p) })
			both.Go(func() { real = l.apprise(t, p) })
			both.Wait()
			got := judge(t.Context(), run)
			fmt.Fprintf(rows, "%s\texit %d %s\t%s\t%s\n", p.Name, got.Exit, strings.Join(got.Codes, " "), got.Apprise, real)
			for _, wrong := range p.Compare(got) {
				t.Error(wrong)
			}
			if p.Real != "either" && real != p.Real {
				t.Errorf("Apprise: %s, want %s", real, p.Real)
			}
			if os.Getenv("XMPPSCOPE_RECORD") != "" {
				write(t, inModule("testdata", "paths", "runs", p.Name+".jsonl"), modeltest.Record(t, run))
			}
		})
	}
	rows.Flush()
	t.Log("\n" + table.String())
}

// judge is what is said of a run.
func judge(ctx context.Context, run *model.Run) modeltest.Judged {
	got := modeltest.Judged{Exit: run.ExitCode(), Apprise: "unknown"}
	for i, f := range finding.Of(ctx, run) {
		got.Codes = append(got.Codes, f.Code)
		if i == 0 && f.Fix != nil {
			got.Fixed = f.Fix.Edited
		}
	}
	switch v := finding.Apprise(run); {
	case !v.Known():
	case v.FalseSuccess():
		got.Apprise = "false success"
	default:
		got.Apprise = string(v.WouldReport)
	}
	return got
}

// send sends one message by xmppscope.
func (l *lab) send(t *testing.T, p modeltest.Path) *model.Run {
	t.Helper()
	began := time.Now()
	run := modeltest.Connect(t, p.URL, func(job *xmppcore.Job) { job.Roots, job.Proxy = l.roots, p.Proxy },
		p.Messages()...)
	run.Trust = model.TrustSystem // Apprise is given the laboratory's authority too
	reading := urlspec.Parse(p.URL).Reading
	if took, most := time.Since(began).Seconds(), 3*float64(reading.CTO+reading.RTO)+5; took > most {
		t.Errorf("the run took %.1f s, and its deadlines are %v and %v", took, reading.CTO, reading.RTO)
	}
	return run
}

// apprise sends one by the real Apprise, and reports what it returned and whether
// the message arrived.
func (l *lab) apprise(t *testing.T, p modeltest.Path) string {
	t.Helper()
	if _, err := os.Stat(inModule(".cache", "apprise", "python")); err != nil {
		t.Fatalf("the real Apprise is not there: run .ci/real-apprise")
	}
	got, leave := l.listen(t, urlspec.Parse(p.URL).Reading.StreamTo)
	defer leave()
	python, err := filepath.Abs(inModule(".cache", "apprise", "python"))
	if err != nil {
		t.Fatal(err)
	}
	body := fmt.Sprintf("real %d", time.Now().UnixNano())
	cmd := exec.CommandContext(t.Context(), python, "-c", driver)
	cmd.Env = append(os.Environ(), "BUNDLE="+l.ca, "URL="+p.URL, "BODY="+body)
	out, err := cmd.Output()
	var result struct {
		Result bool
		Log    []string
	}
	if json.Unmarshal(bytes.TrimSpace(out), &result) != nil {
		t.Fatalf("Apprise: %v: %s", err, out)
	}
	t.Log(result.Log)
	text := "failure"
	if result.Result {
		text = "success"
	}
	deadline := time.Now().Add(300 * time.Millisecond)
	for result.Result && !got(body) && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if got(body) {
		text += ", delivered"
	}
	return text
}

// driver sends a message by Apprise, which trusts the laboratory's authority.
const driver = `
import json, logging, os, certifi
certifi.where = lambda: os.environ["BUNDLE"]
import apprise
said = []
class Keep(logging.Handler):
    def emit(self, record): said.append(record.getMessage()[:200])
logger = logging.getLogger("apprise")
logger.addHandler(Keep(logging.WARNING)); logger.propagate = False
logging.getLogger("slixmpp").addHandler(logging.NullHandler())
a = apprise.Apprise()
added = a.add(os.environ["URL"])
result = bool(added and a.notify(body=os.environ["BODY"]))
print(json.dumps({"result": result, "log": said}), flush=True)
os._exit(0)
`

// listen logs bob in where the domain is served, and reports what he got.
func (l *lab) listen(t *testing.T, domain string) (got func(string) bool, leave func()) {
	t.Helper()
	at := ""
	for address, domains := range map[string][]string{"198.51.100.12": old, "198.51.100.13": current,
		"198.51.100.20": ejabberd23, "198.51.100.26": ejabberd26} {
		if slices.Contains(domains, domain) {
			at = net.JoinHostPort(address, "5222")
		}
	}
	if at == "" {
		return func(string) bool { return false }, func() {}
	}
	client, err := (xmpp.Options{Host: at, User: "bob@" + domain, Password: "bob-pw", NoTLS: true,
		InsecureAllowUnencryptedAuth: true, Mechanism: "SCRAM-SHA-1"}).NewClient()
	if err != nil {
		t.Fatalf("bob cannot log in at %s: %v", domain, err)
	}
	var last atomic.Value
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			stanza, err := client.Recv()
			if err != nil {
				return
			}
			if chat, ok := stanza.(xmpp.Chat); ok {
				last.Store(chat.Text)
			}
		}
	}()
	if _, err := client.SendOrg("<presence/>"); err != nil {
		t.Fatal(err)
	}
	leave = func() {
		_, _ = client.SendOrg("</stream:stream>")
		<-ended
		client.Close()
	}
	return func(body string) bool { text, _ := last.Load().(string); return strings.Contains(text, body) }, leave
}
