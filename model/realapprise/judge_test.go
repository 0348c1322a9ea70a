//go:build apprise

package realapprise

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// The versions that xmppscope speaks for.
var wanted = map[string]string{"apprise": "2.1.0", "slixmpp": "1.17.0"}

// judge is a running testdata/apprise/judge.py. Its methods may be called by
// several goroutines at once.
type judge struct {
	stdin io.WriteCloser
	// exact is true when its versions are the wanted ones.
	exact bool
	// mozilla is the file of Mozilla's authorities.
	mozilla string

	// writing is held while a question is written. It is not mu: the other side
	// takes no question while nobody takes its answers.
	writing sync.Mutex

	mu      sync.Mutex // guards what follows
	last    int
	waiting map[int]chan json.RawMessage
	err     error // why there are no more answers
}

// question is what judge.py is asked; see there.
type question struct {
	ID          int    `json:"id"`
	Do          string `json:"do"`
	URL         string `json:"url,omitempty"`
	Text        string `json:"text,omitempty"`
	Title       string `json:"title"`
	Body        string `json:"body"`
	InputFormat string `json:"input_format,omitempty"`
	Escapes     bool   `json:"interpret_escapes,omitempty"`
	Trust       string `json:"trust,omitempty"`
}

// sent is what the real Apprise says of a send.
type sent struct {
	Added   bool     `json:"added"`
	Success bool     `json:"success"`
	Raised  string   `json:"raised"`
	Seconds float64  `json:"seconds"`
	Log     []string `json:"log"`
}

// root is the folder of the module.
func root(t testing.TB) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// newJudge starts the real Apprise. It ends with the test.
func newJudge(t testing.TB) *judge {
	t.Helper()
	place := filepath.Join(root(t), ".cache", "apprise")
	python, script := filepath.Join(place, "python"), filepath.Join(root(t), "testdata", "apprise", "judge.py")
	if _, err := os.Stat(python); err != nil {
		t.Fatalf("%v: fetch the real Apprise with `make test-apprise`", err)
	}
	// The script starts itself anew, by the command that it was started with.
	cmd := exec.Command(python, script, python, script)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	j := &judge{stdin: stdin, mozilla: filepath.Join(place, "mozilla.pem"), waiting: map[int]chan json.RawMessage{}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		j.read(stdout)
		_ = cmd.Wait() // how it ended does not matter once it has said all
	}()
	t.Cleanup(func() {
		stdin.Close()
		<-done
	})
	j.compareVersions(t)
	return j
}

// compareVersions sets exact.
func (j *judge) compareVersions(t testing.TB) {
	t.Helper()
	var answer struct {
		Versions map[string]string `json:"versions"`
	}
	j.ask(t, question{Do: "versions"}, &answer)
	j.exact = true
	for name, version := range wanted {
		if answer.Versions[name] != version {
			j.exact = false
			t.Logf("WARNING: %s is %s here, and xmppscope speaks for %s: differences are no failure", name,
				answer.Versions[name], version)
		}
	}
	t.Logf("Apprise %s, slixmpp %s, Python %s", answer.Versions["apprise"], answer.Versions["slixmpp"],
		answer.Versions["Python"])
}

// read hands the answers to those who wait for them.
func (j *judge) read(stdout io.Reader) {
	reader := bufio.NewReader(stdout)
	for {
		line, err := reader.ReadBytes('\n')
		var head struct {
			ID int `json:"id"`
		}
		if err == nil {
			err = json.Unmarshal(line, &head)
		}
		j.mu.Lock()
		if err != nil {
			j.err = err
			for id, waiting := range j.waiting {
				close(waiting)
				delete(j.waiting, id)
			}
			j.mu.Unlock()
			return
		}
		waiting := j.waiting[head.ID]
		delete(j.waiting, head.ID)
		j.mu.Unlock()
		if waiting != nil {
			waiting <- line
		}
	}
}

// start asks a question, whose answer comes out of the channel.
func (j *judge) start(q question) (<-chan json.RawMessage, error) {
	answer := make(chan json.RawMessage, 1)
	j.mu.Lock()
	if err := j.err; err != nil {
		j.mu.Unlock()
		return nil, err
	}
	j.last++
	q.ID = j.last
	j.waiting[q.ID] = answer
	j.mu.Unlock()
	line, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	j.writing.Lock()
	defer j.writing.Unlock()
	_, err = j.stdin.Write(append(line, '\n'))
	return answer, err
}

// answer waits for the answer to a question that was asked with start.
func (j *judge) answer(channel <-chan json.RawMessage, into any) error {
	line, ok := <-channel
	if !ok {
		j.mu.Lock()
		defer j.mu.Unlock()
		return fmt.Errorf("the real Apprise has ended: %w", errors.Join(j.err))
	}
	return json.Unmarshal(line, into)
}

// ask asks one question and waits for its answer.
func (j *judge) ask(t testing.TB, q question, into any) {
	t.Helper()
	channel, err := j.start(q)
	if err == nil {
		err = j.answer(channel, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// askAll asks many questions, handing the answers over in the order of the
// questions.
func (j *judge) askAll(t testing.TB, questions []question, each func(i int, answer json.RawMessage)) {
	t.Helper()
	type asked struct {
		answer <-chan json.RawMessage
		err    error
	}
	channels := make(chan asked, 64) // so many are asked ahead
	go func() {
		defer close(channels)
		for _, q := range questions {
			channel, err := j.start(q)
			channels <- asked{channel, err}
		}
	}()
	i := 0
	for a := range channels {
		var line json.RawMessage
		if a.err == nil {
			a.err = j.answer(a.answer, &line)
		}
		if a.err != nil {
			t.Error(a.err)
			continue
		}
		each(i, line)
		i++
	}
}

// differ tells a difference: a failure where the versions are the wanted ones.
func (j *judge) differ(t testing.TB, format string, arguments ...any) {
	t.Helper()
	if j.exact {
		t.Errorf(format, arguments...)
	} else {
		t.Logf(format, arguments...)
	}
}
