//go:build servers

package journey

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/servertest"
)

// fed makes a contender of a command and its standard input.
func fed(name, stdin string, env []string, args ...string) contender {
	return contender{name: name, cmd: func(ctx context.Context) *exec.Cmd {
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		cmd.Env, cmd.Stdin = env, strings.NewReader(stdin)
		return cmd
	}}
}

// BenchmarkStart is what the program takes to begin, beside one that prints a line.
func BenchmarkStart(b *testing.B) {
	program, hello := ours(b), sample(b, "hello")
	info, err := os.Stat(program)
	if err != nil {
		b.Fatal(err)
	}
	target("the program, stripped and without cgo", float64(info.Size())/(1<<20), 15, " MiB")
	start := compare(b, "the start", 40, []contender{
		fed("a Go program that prints one line", "", nil, hello),
		fed("xmppscope version", "", nil, program, "version"),
		fed("xmppscope explain --json URL", "", nil, program, "explain", "--json", sampleURL(7)),
	})
	target("explain --json of one URL, to a program that prints a line", start[2].over(start[0]), 3, " ×")
}

// sampleURL is one of many URLs, good and bad.
func sampleURL(i int) string {
	switch i % 5 {
	case 0:
		return fmt.Sprintf("xmpps://alice%d:s3cret%d@example.org/bob", i, i)
	case 1:
		return fmt.Sprintf("xmpps://alice:s3cret%d@example.org:5223/bob/%%23ops@conference.example.org?mode=tls&name=bot", i)
	case 2:
		return fmt.Sprintf("xmpp://u%d:p%%40w%d@chat%d.example.net/", i, i, i%1000)
	case 3:
		return fmt.Sprintf("xmpps://alice:pw%d@host%d.example.com/bob@example.com?retry=2&wait=3&verify=no&subject=yes", i, i)
	}
	return fmt.Sprintf("xmpps://al ice:pw%d@exa_mple/bob?unknown=1&cto=abc#x", i)
}

// BenchmarkExplainMany reads 100,000 URLs.
func BenchmarkExplainMany(b *testing.B) {
	program := ours(b)
	var input strings.Builder
	for i := range 100_000 {
		input.WriteString(sampleURL(i) + "\n")
	}
	const valid = "xmpps://alice:s3cret@example.org/bob\n"
	many := compare(b, "100,000 URLs", 3, []contender{
		fed("xmppscope explain --json -, good and bad ones", input.String(), nil, "sh", "-c",
			program+" explain --json - >/dev/null || test $? = 2"),
		fed("xmppscope explain --json -, good ones", strings.Repeat(valid, 100_000), nil, "sh", "-c",
			program+" explain --json - >/dev/null"),
		fed("the good ones on one processor", strings.Repeat(valid, 100_000), []string{"GOMAXPROCS=1"}, "sh", "-c",
			program+" explain --json - >/dev/null"),
		fed("a tenth of the good ones", strings.Repeat(valid, 10_000), nil, "sh", "-c",
			program+" explain --json - >/dev/null"),
	})
	target("explain --json of 100,000 URLs", many[1].took.Seconds(), 4, " s")
	target("its memory, to that for a tenth of them", float64(many[1].memory)/float64(many[3].memory), 1.2, " ×")
}

// BenchmarkLines sends 10,000 lines over one session, beside the shortest program that
// writes the same stanzas and pings once.
func BenchmarkLines(b *testing.B) {
	program, minimal := ours(b), sample(b, "minimal")
	server := servertest.Prosody(b, servertest.Options{})
	env := []string{"SSL_CERT_FILE=" + server.CAFile, "PASSWORD=" + servertest.Password("alice")}
	var input strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&input, "line %d of a log\n", i)
	}
	server.Login(b, "bob", servertest.ClientOptions{}) // what is stored for somebody who is away is a file that grows
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(server.STARTTLS))
	url := server.URL(urlspec.ModeSTARTTLS, "alice", "keepalive=yes", "bob")
	lines := compare(b, "10,000 lines to "+server.Name, 3, []contender{
		fed("go-xmpp, the same stanzas and one ping", input.String(), env, minimal, address, servertest.JID("alice"),
			servertest.JID("bob"), "lines"),
		fed("xmppscope send --lines, with evidence", input.String(), env, program, "send", "--lines", url),
	})
	target("10,000 lines with evidence, to the same stanzas and one ping", lines[1].over(lines[0]), 1/0.7, " ×")
}

// BenchmarkJoins joins 50 rooms of a distant server, beside a login alone: what the
// joins take in round trips is the difference of what both wait.
func BenchmarkJoins(b *testing.B) {
	program := ours(b)
	server := servertest.Prosody(b, servertest.Options{})
	far := newDistance(b, net.JoinHostPort("127.0.0.1", strconv.Itoa(server.STARTTLS)), 40*time.Millisecond)
	env := []string{"SSL_CERT_FILE=" + server.CAFile}
	at := func(targets ...string) string {
		return server.URLAt(far.port(), servertest.Domain, urlspec.ModeSTARTTLS, "alice", servertest.Password("alice"), "",
			targets...)
	}
	var rooms []string
	for i := range 50 {
		rooms = append(rooms, fmt.Sprintf("#room%d@%s", i, servertest.RoomService))
	}
	all := []contender{
		fed("xmppscope check, without rooms", "", env, program, "check", at("bob")),
		fed("xmppscope check, 50 rooms", "", env, program, "check", at(rooms...)),
	}
	for i := range all {
		all[i].answers = far.answers.Load
	}
	rooms50 := compare(b, "50 rooms at 80 ms", 7, all)
	target("50 joins at 80 ms", float64(rooms50[1].waits-rooms50[0].waits), 2, " round trips")
}

// BenchmarkBroadcast sends one notification to 200 rooms and 2,000 users, and to a
// tenth of them.
func BenchmarkBroadcast(b *testing.B) {
	program := ours(b)
	server := servertest.Prosody(b, servertest.Options{})
	server.Login(b, "bob", servertest.ClientOptions{})
	to := func(rooms, users int) contender {
		var targets []string
		for i := range rooms {
			targets = append(targets, fmt.Sprintf("#room%d@%s", i, servertest.RoomService))
		}
		for i := range users {
			targets = append(targets, fmt.Sprintf("%s/%d", servertest.JID("bob"), i))
		}
		return fed(fmt.Sprintf("xmppscope send, %d rooms and %d users", rooms, users), "",
			[]string{"SSL_CERT_FILE=" + server.CAFile}, program, "send", "-b", "Disk 91% full",
			server.URL(urlspec.ModeSTARTTLS, "alice", "", targets...))
	}
	wide := compare(b, "one notification", 5, []contender{to(20, 200), to(200, 2000)})
	target("the memory for ten times the targets", float64(wide[1].memory)/float64(wide[0].memory), 2, " ×")
}
