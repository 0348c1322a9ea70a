package modeltest

import (
	"encoding/base64"
	"net/url"
	"strings"
	"time"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// Kind is what the story's run does.
func (s Story) Kind() model.Kind {
	if s.Send {
		return model.Send
	}
	return model.Check
}

// Run is the run of the story, ended.
func (s Story) Run() *model.Run {
	r := model.NewRun(1, s.Kind(), urlspec.Parse(s.Text()), s.Messages())
	r.Finish(s.Play(r.Apply))
	return r
}

// Told is a run of one short message, of what was told.
func Told(kind model.Kind, text string, events ...event.Event) *model.Run {
	return Story{Send: kind == model.Send, URL: text, Events: events}.Run()
}

// Reading is one user and one room over STARTTLS.
func Reading() urlspec.Reading {
	return urlspec.Reading{
		Accepted: true, LoginJID: "alice@example.test", StreamTo: "example.test",
		TCPHost: "127.0.0.1", Port: 5222, Mode: urlspec.ModeSTARTTLS, Nick: "alice", Verify: true, ScramPlus: true,
		Targets: []urlspec.Address{
			{Kind: urlspec.Groupchat, JID: "ops@conference.example.test"},
			{Kind: urlspec.Chat, JID: "bob@example.test"},
		},
	}
}

// Tell applies events, numbering and timing them ten milliseconds apart.
func Tell(r *model.Run, events ...event.Event) {
	for i, e := range events {
		e.Seq, e.At = i+1, time.Duration(i)*10*time.Millisecond
		r.Apply(e)
	}
}

// Leaks says in which form a text holds the password of the stories, empty when
// it does not.
func Leaks(text string) string {
	for _, secret := range []string{Password, url.QueryEscape(Password), "c4n%40ry", "c4n@ry",
		base64.StdEncoding.EncodeToString([]byte(Password)),
		base64.StdEncoding.EncodeToString([]byte("\x00alice\x00" + Password))} {
		if strings.Contains(text, secret) {
			return secret
		}
	}
	return ""
}
