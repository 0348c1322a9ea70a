//go:build servers

package journey

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/servertest"
)

// The benchmarks of this file put the program beside others, in one run: each round
// runs every one of them once, from the start of its process to its exit, so that
// whatever else the machine does disturbs all of them alike. What counts are the
// ratios.

// contender is one of the programs that are compared.
type contender struct {
	name string
	cmd  func(ctx context.Context) *exec.Cmd
	// answers is how often it waited for the server; nil where nobody counts.
	answers func() int64
}

// patience is how long a program may take.
const patience = 2 * time.Minute

// compare runs the contenders by turns and prints their medians and spreads, and how
// they compare with the first.
func compare(b *testing.B, title string, rounds int, contenders []contender) []result {
	b.Helper()
	took, busy := make([][]time.Duration, len(contenders)), make([][]time.Duration, len(contenders))
	memory := make([]int64, len(contenders))
	answers := make([]int64, len(contenders))
	for round := range rounds + 1 {
		for i, c := range contenders {
			ctx, cancel := context.WithTimeout(b.Context(), patience)
			cmd := c.cmd(ctx)
			began := time.Now()
			out, err := cmd.CombinedOutput()
			elapsed := time.Since(began)
			cancel()
			if err != nil {
				b.Fatalf("%s: %v\n%s", c.name, err, out)
			}
			// The kernel counts what we ourselves had when we started it.
			memory[i] = max(memory[i], cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss>>10)
			if c.answers != nil {
				answers[i] = c.answers()
			}
			if round > 0 { // the first one fills the caches
				took[i] = append(took[i], elapsed)
				busy[i] = append(busy[i], cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
			}
		}
	}
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "median\tquartiles\tratio\tprocessor\tmemory ≤\twaits\t  %s, %d rounds\t\n", title, rounds)
	first := median(took[0])
	results := make([]result, len(contenders))
	for i, c := range contenders {
		results[i] = result{median(took[i]), memory[i], answers[i]}
		all := slices.Sorted(slices.Values(took[i]))
		waits := "-"
		if c.answers != nil {
			waits = strconv.FormatInt(answers[i], 10)
		}
		fmt.Fprintf(w, "%.1f ms\t%.1f..%.1f\t%.2f\t%.1f ms\t%d MiB\t%s\t  %s\t\n", ms(median(all)), ms(all[len(all)/4]),
			ms(all[3*len(all)/4]), float64(median(all))/float64(first), ms(median(busy[i])), memory[i], waits, c.name)
	}
	w.Flush()
	fmt.Println(table.String()) // b.Log would cut it off
	return results
}

func median(all []time.Duration) time.Duration {
	all = slices.Sorted(slices.Values(all))
	return all[len(all)/2]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// sample is one of testdata/bench, built if it is Go.
func sample(b *testing.B, name string) string {
	b.Helper()
	source := filepath.Join(root, "testdata", "bench", name)
	if strings.HasSuffix(name, ".py") {
		return source
	}
	file := filepath.Join(b.TempDir(), name)
	cmd := exec.Command("go", "build", "-o", file, "./testdata/bench/"+name)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return file
}

// ours is the program, as it is built for those who install it.
func ours(b *testing.B) string {
	b.Helper()
	file := filepath.Join(b.TempDir(), "xmppscope")
	cmd := exec.Command("make", "-s", "build", "OUT="+file)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return file
}

// Those of BenchmarkSideBySide, by their places.
const (
	ourSend = iota
	ourCheck
	shortest
	goSendXMPP
)

// BenchmarkSideBySide sends one message to a user who is offline.
func BenchmarkSideBySide(b *testing.B) {
	program, minimal, python := ours(b), sample(b, "minimal"), sample(b, "slixmpp_send.py")
	fmt.Printf("%s, %d processors\n", runtime.Version(), runtime.NumCPU())
	for _, server := range []*servertest.Server{
		servertest.Prosody(b, servertest.Options{}),
		servertest.EJabberd(b, servertest.Options{TLS: tls.VersionTLS12}), // its channel binding is broken in 1.3
	} {
		home := b.TempDir()
		env := []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "SSL_CERT_FILE=" + server.CAFile,
			"PASSWORD=" + servertest.Password("alice")}
		near := server.STARTTLS
		far := newDistance(b, net.JoinHostPort("127.0.0.1", strconv.Itoa(near)), 40*time.Millisecond)
		at := func(port int, answers func() int64) []contender {
			address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
			url := server.URLAt(port, servertest.Domain, urlspec.ModeSTARTTLS, "alice", servertest.Password("alice"),
				"", "bob")
			command := func(stdin string, args ...string) func(context.Context) *exec.Cmd {
				return func(ctx context.Context) *exec.Cmd {
					cmd := exec.CommandContext(ctx, args[0], args[1:]...)
					cmd.Env, cmd.Stdin = env, strings.NewReader(stdin)
					return cmd
				}
			}
			all := []contender{
				{name: "xmppscope send", cmd: command("", program, "send", "-b", "Disk 91% full", url)},
				{name: "xmppscope check", cmd: command("", program, "check", url)},
				{name: "go-xmpp, the shortest program, no evidence",
					cmd: command("", minimal, address, servertest.JID("alice"), servertest.JID("bob"))},
				{name: "go-sendxmpp", cmd: command("Disk 91% full", "go-sendxmpp", "-u", servertest.JID("alice"),
					"-p", servertest.Password("alice"), "-j", address, servertest.JID("bob"))},
				{name: "sendxmpp", cmd: command("Disk 91% full", "sendxmpp", "-u", "alice", "-p", servertest.Password("alice"),
					"-j", address, "-o", servertest.Domain, "-t", "-n", servertest.JID("bob"))},
				{name: "slixmpp", cmd: command("", "/usr/bin/python3", python, "127.0.0.1", strconv.Itoa(port),
					servertest.JID("alice"), servertest.JID("bob"))},
			}
			for i := range all {
				all[i].answers = answers
			}
			return all
		}
		here := compare(b, server.Name+" on loopback", 15, at(near, nil))
		target("send, to go-sendxmpp", here[ourSend].over(here[goSendXMPP]), 0.6, " ×")
		target("send, to the shortest program", here[ourSend].over(here[shortest]), 1.05, " ×")
		target("check, to send", here[ourCheck].over(here[ourSend]), 1, " ×")
		there := compare(b, server.Name+" at 80 ms", 7, at(far.port(), func() int64 { return far.answers.Load() }))
		target("send at 80 ms, beyond the shortest program, where a round trip is measured",
			ms(there[ourSend].took-there[shortest].took), ms(measuredRoundTrip(b, 40*time.Millisecond)), " ms")
	}
}
