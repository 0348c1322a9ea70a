package plain

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/urlspec"
)

func TestURLs(t *testing.T) {
	file := filepath.Join(t.TempDir(), "urls")
	if err := os.WriteFile(file, []byte("xmpps://f1\r\n\n  xmpps://f2"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		source  Source
		in, env string
		want    []string
		fault   string
	}{
		"arguments":         {source: Source{Args: []string{"a", "b"}}, want: []string{"a", "b"}},
		"an empty argument": {source: Source{Args: []string{""}}, want: []string{""}},
		"standard input between": {source: Source{Args: []string{"a", "-", "b"}}, in: "x\ny\n",
			want: []string{"a", "x", "y", "b"}},
		"a file":                 {source: Source{File: file}, want: []string{"xmpps://f1", "xmpps://f2"}},
		"standard input as file": {source: Source{File: "-"}, in: "x", want: []string{"x"}},
		"the environment":        {env: "e", want: []string{"e"}},
		"arguments first":        {source: Source{Args: []string{"a"}}, env: "e", want: []string{"a"}},
		"nothing":                {fault: "no URL"},
		"both": {source: Source{Args: []string{"a"}, File: file},
			fault: "a URL was given twice, as an argument and with --url-file"},
		"no such file": {source: Source{File: file + "x"},
			fault: "the URL file cannot be opened: no such file or directory"},
		"a line without end": {source: Source{File: "-"}, in: strings.Repeat("x", lineLimit+1),
			fault: "a line of standard input is longer than 4194304 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &Shell{In: strings.NewReader(test.in), Env: func(string) string { return test.env }}
			var got []string
			var fault string
			for text, err := range s.URLs(test.source) {
				if err != nil {
					fault = err.Error()
				} else {
					got = append(got, text)
				}
			}
			if !slices.Equal(got, test.want) || fault != test.fault {
				t.Errorf("got %q and %q, want %q and %q", got, fault, test.want, test.fault)
			}
		})
	}
}

func TestOneURL(t *testing.T) {
	s := &Shell{In: strings.NewReader("a\nb\n")}
	if _, err := s.URL(Source{Args: []string{"-"}}); err == nil || err.Error() != "more than one URL was given" {
		t.Errorf("two URLs gave the error %v", err)
	}
	if _, err := s.URL(Source{Args: []string{"-"}}); err == nil || err.Error() != "no URL" {
		t.Errorf("an empty input gave the error %v", err)
	}
}

func TestUnlock(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const with, without = "xmpps://alice:fromurl@localhost", "xmpps://alice@localhost"
	for name, test := range map[string]struct {
		url, env, typed string
		password        passwordSource
		want, fault     string
	}{
		"of the URL":                 {url: with, env: "env", want: "fromurl"},
		"of the file before the URL": {url: with, password: passwordSource{File: write("a", "file\r\nrest")}, want: "file"},
		"of the environment": {url: without, env: "env", typed: "typed", password: passwordSource{Ask: true},
			want: "env"},
		"typed":         {url: without, typed: "typed", password: passwordSource{Ask: true}, want: "typed"},
		"not asked for": {url: without, typed: "typed"},
		"none":          {url: without},
		"of an empty file": {url: with, password: passwordSource{File: write("b", "\nx")},
			fault: "the password file is empty"},
		"of a file that is not there": {url: with, password: passwordSource{File: dir + "/c"},
			fault: "the password file cannot be opened: no such file or directory"},
		"of a file that is too long": {url: with,
			password: passwordSource{File: write("d", strings.Repeat("x", passwordLimit+1))},
			fault:    "the password file's first line is longer than 4096 bytes"},
		"that is no text": {url: without, env: "\xff", fault: "the password is not UTF-8 text"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &Shell{Env: func(string) string { return test.env }}
			if test.typed != "" {
				s.AskPassword = func(context.Context, string) (string, error) { return test.typed, nil }
			}
			before := urlspec.Parse(test.url)
			spec, err := s.withPassword(t.Context(), before, test.password)
			fault := ""
			if err != nil {
				fault = err.Error()
			}
			if fault != test.fault {
				t.Fatalf("got the error %q, want %q", fault, test.fault)
			}
			if got := spec.Reading.Password; err == nil && got != test.want {
				t.Errorf("got the password %q, want %q", got, test.want)
			}
			missing := slices.ContainsFunc(spec.Problems, func(p urlspec.Problem) bool { return p.Code == "password-missing" })
			if err == nil && missing != (test.want == "") {
				t.Errorf("password-missing is %v with the password %q", missing, spec.Reading.Password)
			}
			if spec.Text != test.url {
				t.Errorf("the text became %q", spec.Text)
			}
		})
	}
}

func TestInterruptible(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	s := &Shell{In: Interruptible(ctx, r), Err: io.Discard}
	cancel()
	_, err := s.Body("", false, false)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want the end of the context", err)
	}
	if code := s.Complain(err); code != model.ExitInterrupted {
		t.Errorf("got exit code %d, want %d", code, model.ExitInterrupted)
	}
}

func TestBody(t *testing.T) {
	for name, test := range map[string]struct {
		body                    string
		given, terminal, urlsIn bool
		want, fault             string
	}{
		"given":                      {body: "x", given: true, want: "x"},
		"given, and empty":           {given: true},
		"piped":                      {want: "piped\n"},
		"piped on demand":            {body: "-", given: true, want: "piped\n"},
		"typed on demand":            {body: "-", given: true, terminal: true, want: "piped\n"},
		"missing at a terminal":      {terminal: true, fault: "no body"},
		"missing beside a piped URL": {urlsIn: true, fault: "no body"},
		"two readers of one input": {body: "-", given: true, urlsIn: true,
			fault: "standard input cannot be both the URL and the body"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &Shell{In: strings.NewReader("piped\n"), InTerminal: test.terminal}
			got, err := s.Body(test.body, test.given, test.urlsIn)
			fault := ""
			if err != nil {
				fault = err.Error()
			}
			if fault != test.fault || got != test.want {
				t.Errorf("got %q and %q, want %q and %q", got, fault, test.want, test.fault)
			}
		})
	}
}
