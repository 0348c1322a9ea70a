//go:build apprise && servers

package realapprise

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"xmppscope/model"
	"xmppscope/model/finding"
	"xmppscope/model/message"
	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/servertest"
)

// atOnce is how many situations are played at the same time on one server.
const atOnce = 4

// played is a situation after it was played by both sides.
type played struct {
	situation
	url string
	// marker begins the bodies of Apprise's messages alone; the number of the try
	// follows, and ">".
	marker  string
	tried   int // how often it was played
	chunks  int // messages to each target
	real    sent
	send    *model.Run // ours
	check   *model.Run // ours
	arrived map[arrival]int
}

// arrival is where a message of a try has arrived.
type arrival struct {
	try int
	jid string
}

// TestSituations: on five servers Apprise and ours do the same, and the verdict on
// ours is what Apprise reports and delivers.
func TestSituations(t *testing.T) {
	judge := newJudge(t)
	for _, s := range stands() {
		t.Run(s.name, func(t *testing.T) {
			var all []*played
			kinds := []kind{usual, strict, wrongName, expired, itself}
			if s.name == "prosody-0.12" {
				kinds = append(kinds, unusual)
			}
			situations := situations(t, s.software) // their odd ports live as long as this test
			for _, k := range kinds {
				t.Run(k.name, func(t *testing.T) { all = append(all, play(t, judge, s, k, situations)...) })
			}
			compare(t, judge, s.name, all)
		})
	}
}

// play plays all situations of one kind, on a server of its own.
func play(t *testing.T, judge *judge, s stand, k kind, situations []situation) []*played {
	t.Helper()
	options := k.options
	options.TLS = s.tls
	server := s.start(t, options)
	watchers := watch(t, server)
	var all []*played
	var playing sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	ended := make(chan struct{})
	for _, one := range situations {
		if one.on != k {
			continue
		}
		p := &played{situation: one, url: one.url(server), arrived: map[arrival]int{},
			marker: fmt.Sprintf("<%s-%d-", strings.ReplaceAll(k.name, " ", "-"), len(all))}
		if s.name == "ejabberd-23.01" && !one.bound && !strings.Contains(p.url, "scramplus") {
			p.url += "&scramplus=no" // or our own login would end at the binding
		}
		all = append(all, p)
		playing.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			p.play(t, judge, server)
		})
	}
	go func() {
		playing.Wait()
		close(ended)
	}()
	// The servers must get rid of what the watchers receive.
	for over := false; !over; {
		timer := time.NewTimer(time.Second)
		select {
		case <-ended:
			over = true
		case <-timer.C:
		}
		timer.Stop()
		for _, w := range watchers {
			w.look(t, all)
		}
	}
	return all
}

// tries is how often a situation is played where the verdict differs: on a machine
// with much to do, Apprise's own time runs out now and then.
const tries = 2

// play is one situation. Where the verdict differs from what Apprise reports, it is
// played again.
func (p *played) play(t *testing.T, judge *judge, server *servertest.Server) {
	for p.tried < tries {
		p.tried++
		p.once(t, judge, server)
		if p.send == nil || finding.Apprise(p.send).Reports(p.reported()) && finding.Apprise(p.check).Reports(p.reported()) {
			return
		}
	}
}

// reported is what Apprise reported.
func (p *played) reported() finding.AppriseResult {
	if p.real.Success {
		return finding.ReportsSuccess
	}
	return finding.ReportsFailure
}

// once is one situation: the real Apprise and ours, one after the other, since both
// may want the same nick in a room.
func (p *played) once(t *testing.T, judge *judge, server *servertest.Server) {
	body := cmp.Or(p.body, "hello")
	trust := server.CAFile
	if p.trust == model.TrustMozilla {
		trust = judge.mozilla
	}
	answer, err := judge.start(question{Do: "send", URL: p.url, Title: p.title, Escapes: p.escapes, Trust: trust,
		Body: fmt.Sprintf("%s%d>%s", p.marker, p.tried, body)})
	if err == nil {
		err = judge.answer(answer, &p.real)
	}
	if err != nil {
		t.Error(err)
		return
	}
	reading := urlspec.Parse(p.url).Reading
	ours := message.Notification{Title: p.title, Body: "<ours>" + body, InterpretEscapes: p.escapes}
	batch := message.For(t.Context(), ours, reading)
	p.chunks = len(batch.Messages)
	trusting := func(job *xmppcore.Job) { job.Roots = server.Roots }
	p.send = modeltest.Connect(t, p.url, trusting, batch.Messages...)
	p.check = modeltest.Connect(t, p.url, trusting)
	p.send.Trust, p.check.Trust = p.assumed(), p.assumed()
}

// assumed is what our verdict takes Apprise to trust.
func (p *played) assumed() model.AppriseTrust {
	if p.trust == model.TrustMozilla {
		return model.TrustMozilla
	}
	return model.TrustSystem
}

// watcher is another client that looks at what arrives.
type watcher struct {
	jid    string
	client *servertest.Client
}

// watch logs the users in who can receive something, and puts them into the rooms.
// The nick "taken" is taken in the open room.
func watch(t *testing.T, server *servertest.Server) []watcher {
	t.Helper()
	bob := server.Login(t, "bob", servertest.ClientOptions{Resource: "obs"})
	bob.Join(t, "open", "taken")
	owner := server.Login(t, "alice", servertest.ClientOptions{Resource: "watcher"})
	for _, room := range []string{"members", "moderated", "banroom"} {
		owner.Join(t, room, "watcher")
	}
	return []watcher{{servertest.JID("bob"), bob}, {servertest.JID("alice"), owner}}
}

// look counts what has arrived of Apprise's messages.
func (w watcher) look(t *testing.T, all []*played) {
	t.Helper()
	for _, m := range w.client.Received(t, 0) {
		for _, p := range all {
			_, rest, found := strings.Cut(m.Body, p.marker)
			try, _, _ := strings.Cut(rest, ">")
			n, err := strconv.Atoi(try)
			if !found || err != nil {
				continue
			}
			at := w.jid
			if m.Type == "groupchat" {
				at, _, _ = strings.Cut(m.From, "/")
			}
			p.arrived[arrival{n, at}]++
		}
	}
}

// delivered counts what arrived by the target that it was for. A user is known by
// the bare JID, in small letters.
func (p *played) delivered() map[string]int {
	by := map[string]int{}
	reading := urlspec.Parse(p.url).Reading
	for _, target := range reading.Targets {
		bare, _, _ := strings.Cut(strings.ToLower(target.JID), "/")
		if n := p.arrived[arrival{p.tried, bare}]; n > 0 {
			by[target.JID] = n
			if p.chunks > 1 { // only the first has the marker
				by[target.JID] = n * p.chunks
			}
		}
	}
	return by
}

// forecast is the situation as it is recorded.
func (p *played) forecast(server string, run *model.Run) modeltest.Forecast {
	return modeltest.Forecast{Server: server, Situation: p.name, URL: p.url, Kind: run.Kind, Trust: run.Trust,
		OfMessage: p.ofBody, Messages: run.Messages, Events: run.Events, Failure: run.Failure,
		Reported: string(p.reported()), Delivered: p.delivered()}
}

// compare prints what was reported, delivered and forecast, and fails where they
// differ. With RECORD=1 it writes the runs down.
func compare(t *testing.T, judge *judge, server string, all []*played) {
	t.Helper()
	var b strings.Builder
	var records []modeltest.Forecast
	wrong, missing, either := 0, 0, 0
	fmt.Fprintf(&b, "\n%-62s %-8s %5s  %-38s %s\n", server, "reported", "s", "delivered", "forecast")
	for _, p := range all {
		if p.send == nil || p.check == nil {
			continue // the real Apprise has ended, as was said
		}
		for _, run := range []*model.Run{p.send, p.check} {
			f := p.forecast(server, run)
			records = append(records, f)
			verdict := finding.Apprise(run)
			problem := f.Differs(string(verdict.WouldReport), verdict.WouldDeliver, verdict.DeliversTo)
			switch {
			case !verdict.Known():
				missing++
			case problem != "":
				wrong++
			case verdict.WouldReport == finding.ReportsEither:
				either++
			}
			if run.Kind == model.Send || problem != "" {
				fmt.Fprintf(&b, "%-62s %-8s %5.1f  %-38s %s%s\n", strings.TrimSpace(string(run.Kind)+": "+p.name), f.Reported,
					p.real.Seconds, counts(f.Delivered), verdict.Short(), mark(problem))
			}
			if problem != "" {
				judge.differ(t, "%s, %s, %s: %s\n%s\nApprise: %+v\nverdict: %s", server, run.Kind, p.name, problem, p.url, p.real,
					verdict.Sentence())
			}
		}
	}
	fmt.Fprintf(&b, "%d situations, sent and checked: %d forecasts wrong, %d missing, %d a race", len(all), wrong, missing,
		either)
	t.Log(b.String())
	if os.Getenv("RECORD") == "1" {
		modeltest.RecordForecasts(t, server, records)
	}
}

func mark(problem string) string {
	if problem == "" {
		return ""
	}
	return "  <-- " + problem
}

// counts writes what was delivered in a short form.
func counts(delivered map[string]int) string {
	if len(delivered) == 0 {
		return "nothing"
	}
	var parts []string
	for _, jid := range slices.Sorted(maps.Keys(delivered)) {
		parts = append(parts, fmt.Sprintf("%s %d", strings.Split(jid, "@")[0], delivered[jid]))
	}
	return strings.Join(parts, ", ")
}
