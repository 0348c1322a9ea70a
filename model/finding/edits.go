package finding

import (
	"fmt"
	"strings"

	"xmppscope/urlspec"
)

// editor makes the edits of one diagnosis. Each takes as long as the URL is long,
// and thousands of rooms may each ask for one, in a URL that names them all.
type editor struct {
	made map[string]*Fix // by label
	size int             // of the texts that were read
	// unmarked are the targets that the URL's own check takes for rooms; nil until
	// somebody asks.
	unmarked map[string]bool
	// heard are the domains that answered a message; nil until somebody asks.
	heard map[string]bool
}

// mostEdited is how much text is read for the fixes of one diagnosis, in bytes. It
// is 5,000 edits of an ordinary URL; what fails after that is told without a fix.
const mostEdited = 1 << 20

// edit gives the fix that makes the steps one after the other, each on the
// text that the step before it left; nil when nothing would change, or when
// Apprise would not accept the result. A label stands for one edit of the URL.
func (f *facts) edit(label string, steps ...func(urlspec.Spec) urlspec.Fix) *Fix {
	if fix, known := f.edits.made[label]; known {
		return fix.clone()
	}
	if f.enough() {
		return nil
	}
	f.edits.size += len(f.Spec.Text)
	if f.edits.made == nil {
		f.edits.made = map[string]*Fix{}
	}
	fix := f.edited(label, steps)
	f.edits.made[label] = fix
	return fix.clone()
}

// enough reports whether no further edit is to be made.
func (f *facts) enough() bool { return f.edits.size+len(f.Spec.Text) > mostEdited }

func (f *Fix) clone() *Fix {
	if f == nil {
		return nil
	}
	c := *f
	return &c
}

func (f *facts) edited(label string, steps []func(urlspec.Spec) urlspec.Fix) *Fix {
	text := f.Spec.Text
	for _, step := range steps {
		text = step(urlspec.Parse(text)).Apply(text)
	}
	if text == f.Spec.Text {
		return nil
	}
	after := urlspec.Parse(text).Reading
	if !after.Accepted {
		return nil
	}
	return &Fix{Label: label, URL: urlspec.Redact(text), Edited: text, Risky: bares(f.reading, after)}
}

func SetParam(name, value string) func(urlspec.Spec) urlspec.Fix {
	return func(s urlspec.Spec) urlspec.Fix { return s.SetParam(name, value) }
}

func RemoveParam(name string) func(urlspec.Spec) urlspec.Fix {
	return func(s urlspec.Spec) urlspec.Fix { return s.RemoveParam(name) }
}

// setPort makes the URL connect to a port: by taking its own port out where
// the mode's default is the right one, else by naming it.
func setPort(port int) func(urlspec.Spec) urlspec.Fix {
	return func(s urlspec.Spec) urlspec.Fix {
		switch {
		case s.Reading.Port == port:
			return NoEdit(s)
		case port == standardPort(s.Reading.Mode):
			return s.SetPort(0)
		}
		return s.SetPort(port)
	}
}

// setHost makes the URL connect to a host, and leaves the account as it is.
func setHost(host string) func(urlspec.Spec) urlspec.Fix {
	return func(s urlspec.Spec) urlspec.Fix {
		if strings.EqualFold(host, s.Reading.Host) {
			return s.RemoveParam("xmpp")
		}
		return s.SetParam("xmpp", host)
	}
}

// setMode sets mode= and keeps the port, which may be the old mode's default.
func (f *facts) setMode(m urlspec.Mode, label string) *Fix {
	return f.edit(label, SetParam("mode", string(m)), setPort(f.reading.Port))
}

// useSTARTTLS turns TLS on. The scheme xmpps has it already unless mode= says
// otherwise; with xmpp it takes mode=.
func (f *facts) useSTARTTLS() *Fix {
	return f.edit("use mode=starttls", SetParam("mode", string(urlspec.ModeSTARTTLS)))
}

// dropResource takes the resource out of the user part, so that the server
// gives each session its own.
func (f *facts) dropResource() *Fix {
	return f.edit("leave the resource out", func(s urlspec.Spec) urlspec.Fix {
		o := s.Origins.Local
		at := strings.Index(strings.ToLower(s.Text[o.Start:o.End]), "%2f")
		if at < 0 || !strings.Contains(s.Reading.LoginJID, "/") {
			return NoEdit(s)
		}
		return urlspec.Fix{Start: o.Start + at, End: o.End}
	})
}

// verifyOff turns certificate checks off. Its label says what that costs.
func (f *facts) verifyOff() *Fix {
	return f.edit("last resort, unsafe: verify=no (anybody in between can then read the password)",
		SetParam("verify", "no"))
}

// parentDomain helps who wrote the server's name, xmpp.example.org, where the
// account's domain, example.org, belongs. The new host is the domain, and
// xmpp= keeps the connection where it went.
func (f *facts) parentDomain() *Fix { return f.logInAt(parentOf(f.reading.Host)) }

// logInAt makes another domain the account's, and keeps the connection where it
// goes.
func (f *facts) logInAt(domain string) *Fix {
	server := f.reading.TCPHost
	if domain == "" || f.Spec.Origins.Domain.Source != urlspec.FromHost {
		return nil
	}
	return f.edit(fmt.Sprintf("log in at %s, connect to %s", domain, server),
		SetParam("xmpp", server), func(s urlspec.Spec) urlspec.Fix { return s.SetHost(domain) })
}

// parentOf is the domain of which a host is probably the XMPP server, "" when
// the host's name does not sound like one.
func parentOf(host string) string {
	first, _, _ := strings.Cut(host, ".")
	switch strings.ToLower(first) {
	case "xmpp", "xmpps", "jabber", "chat", "im", "talk", "mail", "c2s", "ejabberd", "prosody", "server":
		return domainAbove(host)
	}
	return ""
}

// domainAbove is the domain that a host's name is below, "" where that is a
// top-level domain.
func domainAbove(host string) string {
	_, parent, _ := strings.Cut(host, ".")
	if !strings.Contains(parent, ".") {
		return ""
	}
	return parent
}

func NoEdit(s urlspec.Spec) urlspec.Fix {
	return urlspec.Fix{Start: len(s.Text), End: len(s.Text)}
}

// standardPort is Apprise's default port for a mode.
func standardPort(m urlspec.Mode) int {
	if m == urlspec.ModeTLS {
		return 5223
	}
	return 5222
}
