package plain

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// SeeHelp is the hint for a command line that makes no sense.
const SeeHelp = "see `xmppscope --help`"

// Choice is a flag value that is one of some words. Build it with NewChoice.
type Choice struct {
	value *string
	words []string
}

// NewChoice makes a flag write the chosen word to target.
func NewChoice(target *string, words ...string) *Choice { return &Choice{target, words} }

// String is the word as it stands.
func (c *Choice) String() string {
	if c.value == nil { // pflag asks a zero value for its default
		return ""
	}
	return *c.value
}

// Type is what help calls the value.
func (c *Choice) Type() string { return "WORD" }

// Set takes a word.
func (c *Choice) Set(word string) error {
	if !slices.Contains(c.words, word) {
		return wordError(c.words)
	}
	*c.value = word
	return nil
}

// wordError is for a value that is none of the words.
type wordError []string

func (e wordError) Error() string { return "one of " + strings.Join(e, ", ") }

// FlagMisuse is the error for a mistake in the flags. Values are never repeated: they may
// be a password in the wrong place.
func FlagMisuse(err error) error {
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	var words wordError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		name := named(" -", unknown.GetSpecifiedName())
		if name == "" {
			return Misuse("an argument that begins with - stands behind --",
				"what begins with - is taken for a flag, and it is none")
		}
		return Misuse(SeeHelp, "unknown flag%s", name)
	case errors.As(err, &unknown):
		return Misuse(SeeHelp, "unknown flag%s", named(" --", unknown.GetSpecifiedName()))
	case errors.As(err, &missing):
		return Misuse(SeeHelp, "flag --%s needs a value", missing.GetFlag().Name)
	case errors.As(err, &invalid) && errors.As(err, &words):
		return Misuse("", "flag --%s must be %v", invalid.GetFlag().Name, words)
	case errors.As(err, &invalid):
		return Misuse(SeeHelp, "flag --%s cannot have that value", invalid.GetFlag().Name)
	}
	return Misuse(SeeHelp, "the flags cannot be understood")
}

// named repeats the name of a flag where it looks like one, and not like a URL
// or a password that begins with a dash.
func named(dashes, name string) string {
	for _, r := range name {
		if (r < 'a' || r > 'z') && r != '-' {
			return ""
		}
	}
	if len(name) > 24 {
		return ""
	}
	return dashes + name
}
