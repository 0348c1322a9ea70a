package model

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// What these tests tell their runs with, in short.
var (
	ok, failed, item                 = modeltest.OK, modeltest.Failed, modeltest.Item
	because, silence                 = modeltest.Because, modeltest.Silence
	upTo, then, without              = modeltest.UpTo, modeltest.Then, modeltest.Without
	plainFacts, plainTLS             = modeltest.PlainFacts, modeltest.PlainTLS
	inClear, noLogin                 = modeltest.InClear, modeltest.NoLogin
	srv, streamError, portClosed     = modeltest.SRV, modeltest.StreamError, modeltest.PortClosed
	joined, refused                  = modeltest.Joined, modeltest.Refused
	chat, groupchat                  = modeltest.Chat, modeltest.Groupchat
	delivered, bounced               = modeltest.Delivered, modeltest.Bounced
	issued, fromPublicAuthority      = modeltest.Issued, modeltest.FromPublicAuthority
	withCanary, fromPrivateAuthority = modeltest.WithPassword, modeltest.FromPrivateAuthority
)

const (
	canary = modeltest.Password
	opsURL = modeltest.OpsURL
	ops    = modeltest.Ops
)

// leaks says in which form a text holds the canary, "" when it does not.
func leaks(text string) string {
	for _, secret := range []string{canary, url.QueryEscape(canary), "c4n%40ry", "c4n@ry", base64.StdEncoding.EncodeToString([]byte(canary)),
		base64.StdEncoding.EncodeToString([]byte("\x00alice\x00" + canary))} {
		if strings.Contains(text, secret) {
			return secret
		}
	}
	return ""
}

// marshal is a value as JSON.
func marshal(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// told builds a run of one short message from what was told.
func told(kind Kind, text string, events ...event.Event) *Run {
	return played(modeltest.Story{Send: kind == Send, URL: text, Events: events})
}

// played is the run of a story.
func played(s modeltest.Story) *Run {
	kind := Check
	if s.Send {
		kind = Send
	}
	r := NewRun(1, kind, urlspec.Parse(s.Text()), s.Messages())
	r.Finish(s.Play(r.Apply))
	return r
}
