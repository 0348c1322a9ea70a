package xmppcore

import (
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/xmppo/go-xmpp"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/stream"
	"xmppscope/xmppcore/wire"
)

// newClient calls the library, and returns when that is logged in or cannot. When
// the login is ended while the library computes a key out of the password, the
// computation, which nothing can interrupt, is left to itself: it ends after
// maxIterations at most, finds its connection closed, and is not listened to.
func (l *login) newClient() (*xmpp.Client, error) {
	type outcome struct {
		client *xmpp.Client
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		client, err := l.callLibrary()
		done <- outcome{client, err}
	}()
	select {
	case o := <-done:
		return o.client, o.err
	case <-l.watch.over:
	}
	select {
	case o := <-done:
		return o.client, o.err
	case <-l.computes.begun:
	}
	if l.computes.ended.Load() {
		o := <-done
		return o.client, o.err
	}
	err := l.watch.given()
	l.tap.Stop(err)
	return nil, err
}

// computation is the library's, between a challenge and the answer to it.
type computation struct {
	begun chan struct{} // closed when it begins
	since time.Time     // set before that
	ended atomic.Bool
}

// slow is long for a computation: a server may well have lost its patience.
const slow = time.Second

// late reports whether the computation is not over after a long time, or its answer
// came too late to be sent.
func (c *computation) late() bool {
	select {
	case <-c.begun:
		return !c.ended.Load() && time.Since(c.since) >= slow
	default:
		return false
	}
}

// step is told each step of the stream. There is one challenge at most: the guard
// takes no other.
func (c *computation) step(s stream.Step) error {
	switch s.Kind {
	case stream.Challenged:
		c.since = time.Now()
		close(c.begun)
	case stream.Responded:
		c.ended.Store(true)
	}
	return nil
}

// callLibrary does the library's login.
//
// It obeys HTTP_PROXY at every dial, even to the relay on loopback, and has no
// option for it; see [LoopbackDirect].
func (l *login) callLibrary() (client *xmpp.Client, err error) {
	defer func() {
		if recovered := recover(); recovered != nil {
			client, err = nil, crash(recovered)
		}
	}()
	dest, mechanism := l.run.dest, l.guard.mechanism
	local := dest.Login.Localpart()
	if strings.HasPrefix(mechanism, "SCRAM-") {
		local = saslName.Replace(local)
	}
	options := xmpp.Options{
		Host:        l.relay.address(),
		User:        local + "@" + dest.Domain,
		Password:    l.run.job.Reading.Password,
		Resource:    escape(dest.Login.Resourcepart()),
		DialTimeout: l.run.connectLeft(),
		TLSConfig:   l.check.config(dest.Mode == urlspec.ModeTLS),
		NoTLS:       dest.Mode != urlspec.ModeTLS,
		StartTLS:    dest.Mode == urlspec.ModeSTARTTLS,
		Mechanism:   mechanism,
		NoPLAIN:     mechanism != "PLAIN" && mechanism != "",
		// In mode none, choose has seen to it that no password goes out in clear.
		InsecureAllowUnencryptedAuth: dest.Mode == urlspec.ModeNone,
		NoSASLUpgrade:                true, // it would send a salted password
		UserAgentSW:                  "xmppscope",
		Status:                       presenceShow,
		StatusMessage:                presencePriority,
		Debug:                        true,
		DebugWriter:                  l.tap,
	}
	return options.NewClient()
}

// The library sends an initial presence that cannot be turned off, but writes
// these two fields into it as they are. With a negative priority the server
// keeps messages to our bare JID for other clients (RFC 6121 8.5.2.1.1):
// otherwise it would give us what waits offline, and a notification that
// somebody sends to himself would come to this session and be lost with it.
// The second status has a language of its own, as 4.7.2.2 demands.
const (
	presenceShow     = "xa"
	presencePriority = "</status><priority>-1</priority><status xml:lang='zxx'>"
)

// saslName escapes a user name for SCRAM (RFC 5802 5.1), which the library
// does not.
var saslName = strings.NewReplacer("=", "=3D", ",", "=2C")

// LoopbackDirect is the value of NO_PROXY with which the library dials our relay
// itself, where getenv names a proxy for HTTP; needed is false where it does so
// anyhow. The library reads the environment at every dial, so a program must set
// it once, before its first run.
func LoopbackDirect(getenv func(string) string) (noProxy string, needed bool) {
	if getenv("HTTP_PROXY") == "" && getenv("http_proxy") == "" {
		return "", false
	}
	const loopback = "127.0.0.1"
	noProxy = getenv("NO_PROXY")
	if noProxy == "" {
		noProxy = getenv("no_proxy")
	}
	for entry := range strings.SplitSeq(noProxy, ",") {
		if entry != "" && strings.Contains(loopback, entry) { // as the library compares
			return "", false
		}
	}
	return strings.TrimPrefix(noProxy+","+loopback, ","), true
}

// libraryFailure reads an error that only the library can find: what it is
// follows from how far the stream had come, since its errors have no types.
func libraryFailure(err error, state stream.State) *event.Failure {
	f := transportFailure(err)
	if f.Cause != event.CauseInternal {
		return f
	}
	text := wire.Safe(err.Error())
	switch {
	case state.Position == stream.LoggedIn: // it did not go on after the success
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseServerProof, Detail: "its signature is wrong"}
	case state.Position == stream.InLogin && !state.Responded && state.Challenge.Downgrade:
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseMechanismList,
			Detail: "it signed another list of mechanisms than the one that reached us"}
	case state.Position == stream.Choosing && state.Encrypted && state.SASL.Used == "":
		// Nothing went out: it got no keying material to bind the login to.
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseChannelBinding, Detail: text, Quoted: text}
	}
	if f.Detail == text {
		f.Detail = fmt.Sprintf("the XMPP library says: %s", text)
	}
	return f
}
