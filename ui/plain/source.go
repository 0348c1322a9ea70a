package plain

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"strings"
	"unicode/utf8"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// Limits of what is read into memory, in bytes. They are far beyond any use
// and only keep a wrong file from filling it.
const (
	lineLimit     = 4 << 20
	bodyLimit     = 16 << 20
	passwordLimit = 4 << 10
)

// Source says where the text of a URL is to come from.
type Source struct {
	// Args are the arguments; "-" stands for standard input, one URL a line.
	Args []string
	// File is a file with one URL a line; empty means none.
	File string
}

// usesInput says whether standard input is read for the URL.
func (src Source) usesInput() bool {
	for _, arg := range src.Args {
		if arg == "-" {
			return true
		}
	}
	return src.File == "-"
}

// hintURL is said wherever a URL is missing.
const hintURL = "give it as an argument, in XMPPSCOPE_URL, with --url-file FILE, or as - on standard input"

// URLs gives each URL as it is read. Arguments and a file exclude each other,
// and both win over XMPPSCOPE_URL. Empty lines are passed over.
func (s *Shell) URLs(src Source) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if src.File != "" && len(src.Args) > 0 {
			yield("", Misuse("", "a URL was given twice, as an argument and with --url-file"))
			return
		}
		switch fromEnv := s.env("XMPPSCOPE_URL"); {
		case src.File == "-":
			src.Args = []string{"-"}
		case src.File != "":
			file, err := s.open(src.File)
			if err != nil {
				yield("", Misuse("", "the URL file cannot be opened: %v", reason(err)))
				return
			}
			defer file.Close()
			eachListed(file, src.File, yield)
			return
		case len(src.Args) == 0 && fromEnv != "":
			src.Args = []string{fromEnv}
		case len(src.Args) == 0:
			yield("", Misuse(hintURL, "no URL"))
			return
		}
		for _, arg := range src.Args {
			if arg != "-" {
				if !yield(arg, nil) {
					return
				}
			} else if !eachLine(s.in(), "standard input", yield) {
				return
			}
		}
	}
}

// URL gives the one URL that a command works on.
func (s *Shell) URL(src Source) (string, error) {
	text, err := s.oneText(src)
	if err != nil {
		return "", err
	}
	return s.oneOf(text)
}

// oneText gives the one text that a command works on.
func (s *Shell) oneText(src Source) (string, error) {
	var urls []string
	for text, err := range s.URLs(src) {
		if err != nil {
			return "", err
		}
		if urls = append(urls, text); len(urls) > 1 {
			return "", Misuse("run it once for each URL", "more than one URL was given")
		}
	}
	if len(urls) == 0 {
		return "", Misuse(hintURL, "no URL")
	}
	return urls[0], nil
}

// oneOf gives the one URL of a text, as Apprise's command line takes it apart.
func (s *Shell) oneOf(text string) (string, error) {
	parts := urlspec.Split(text)
	if len(parts) == 1 {
		if left := parts[0].Left; left != "" {
			s.note("xmppscope: left out around the URL: " + wire.Safe(left))
		}
		return parts[0].Text, nil
	}
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = wire.Safe(urlspec.Redact(p.Text))
	}
	return "", Misuse("run it once for each", "the text holds %d URLs: %s", len(parts), strings.Join(names, " and "))
}

// eachLine yields the lines that are not empty. It returns false when the
// caller wants no more, or the reader failed.
func eachLine(r io.Reader, name string, yield func(string, error) bool) bool {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, lineLimit)
	for lines.Scan() {
		line := strings.TrimSuffix(lines.Text(), "\r")
		if line != "" && !yield(line, nil) {
			return false
		}
	}
	switch err := lines.Err(); {
	case err == nil:
		return true
	case errors.Is(err, bufio.ErrTooLong):
		yield("", Misuse("", "a line of %s is longer than %d bytes", name, lineLimit))
	case errors.Is(err, context.Canceled):
		yield("", err)
	default:
		yield("", Misuse("", "%s cannot be read: %v", name, reason(err)))
	}
	return false
}

func (s *Shell) in() io.Reader {
	if s.In == nil {
		return strings.NewReader("")
	}
	return s.In
}

// Opening is what the terminal UI starts with. Both fields may be empty.
type Opening struct {
	// URL may hold a password.
	URL string
	// Password is for a URL without one.
	Password string
}

// Opening collects what the terminal UI starts with. It needs no URL, and asks
// for nothing.
func (s *Shell) Opening(command Connect) (Opening, error) {
	o := Opening{Password: s.env("XMPPSCOPE_PASSWORD")}
	if len(command.Source.Args) > 0 || command.Source.File != "" || s.env("XMPPSCOPE_URL") != "" {
		var err error
		if o.URL, err = s.oneText(command.Source); err != nil {
			return o, err
		}
	}
	if command.PasswordFile != "" {
		var err error
		if o.Password, err = s.passwordFile(command.PasswordFile); err != nil {
			return o, err
		}
	}
	return o, nil
}

// passwordSource says where a password may come from beside the URL.
type passwordSource struct {
	// File holds the password in its first line; empty means none.
	File string
	// Ask is true for commands that will log in, so that a person at a
	// terminal is asked as the last resort.
	Ask bool
}

// withPassword puts the password into the reading: of the file if one is named,
// else of the URL, else of XMPPSCOPE_PASSWORD, else what the person types.
// It stays out of the URL's text. Without any the reading is left as it is.
func (s *Shell) withPassword(ctx context.Context, spec urlspec.Spec, source passwordSource) (urlspec.Spec, error) {
	fromEnv := s.env("XMPPSCOPE_PASSWORD")
	var password string
	switch {
	case source.File != "":
		var err error
		if password, err = s.passwordFile(source.File); err != nil {
			return spec, err
		}
	case spec.Reading.Password != "":
		return spec, nil
	case fromEnv != "":
		password = fromEnv
	case source.Ask && s.AskPassword != nil:
		var err error
		prompt := "password of " + wire.Safe(spec.Reading.Veiled().LoginJID) + ": "
		if password, err = s.AskPassword(ctx, prompt); err != nil {
			return spec, err
		}
	}
	if password == "" {
		return spec, nil
	}
	if !utf8.ValidString(password) {
		return spec, Misuse("", "the password is not UTF-8 text")
	}
	spec.Reading.Password, spec.Reading.PasswordSet = password, true
	kept := make([]urlspec.Problem, 0, len(spec.Problems))
	for _, p := range spec.Problems {
		if p.Code != "password-missing" {
			kept = append(kept, p)
		}
	}
	spec.Problems = kept
	return spec, nil
}

func (s *Shell) passwordFile(name string) (string, error) {
	file, err := s.open(name)
	if err != nil {
		return "", Misuse("", "the password file cannot be opened: %v", reason(err))
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, passwordLimit+1))
	if err != nil {
		return "", Misuse("", "the password file cannot be read: %v", reason(err))
	}
	line, _, _ := strings.Cut(string(data), "\n")
	line = strings.TrimSuffix(line, "\r")
	switch {
	case len(line) > passwordLimit:
		return "", Misuse("", "the password file's first line is longer than %d bytes", passwordLimit)
	case line == "":
		return "", Misuse("put the password in its first line", "the password file is empty")
	}
	return line, nil
}

// Body gives the notification's body: the text of -b, standard input for
// "-b -" or when -b is missing and input is piped. urlFromInput says that
// standard input has been read for the URL already.
func (s *Shell) Body(body string, given, urlFromInput bool) (string, error) {
	switch {
	case given && body != "-":
		return body, nil
	case urlFromInput && given:
		return "", Misuse("", "standard input cannot be both the URL and the body")
	case urlFromInput, !given && s.InTerminal:
		return "", Misuse("give it with -b BODY, or pipe it to standard input", "no body")
	}
	data, err := io.ReadAll(io.LimitReader(s.in(), bodyLimit+1))
	switch {
	case errors.Is(err, context.Canceled):
		return "", err
	case err != nil:
		return "", Misuse("", "the body cannot be read from standard input: %v", reason(err))
	case len(data) > bodyLimit:
		return "", Misuse("", "the body is longer than %d bytes", bodyLimit)
	}
	return string(data), nil
}

// reason takes the file name off an operating system error: it was given by
// the person, and may be a URL in the wrong place.
func reason(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
