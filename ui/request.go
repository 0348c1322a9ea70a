package ui

import (
	"net/netip"
	"slices"
	"sort"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/model/message"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// request is a run that is asked for. It goes through the questions one by
// one: each dialog that is answered with yes hands the request on with the
// answer in it.
type request struct {
	kind       model.Kind
	replace    bool // cancel the run that is going
	clear      bool // the password may go out in clear
	agreed     bool // these recipients are right
	noPassword bool // an empty password is meant
	// only are the recipients where those are not all of the URL's.
	only []urlspec.Address
}

func (s *screen) check() tea.Cmd   { return s.ask(request{kind: model.Check}) }
func (s *screen) sendNow() tea.Cmd { return s.ask(request{kind: model.Send}) }

func whyNoRun(s *screen) string {
	if s.url.text == "" {
		return "there is no URL yet"
	}
	if !s.url.spec.Reading.Accepted {
		return "Apprise rejects this URL, so there is nothing to run; the marked part says why"
	}
	return s.whyNoNetwork()
}

// whyNoNetwork says that a part of the password may stand in the host or the user:
// whoever is asked for it would be told.
func (s *screen) whyNoNetwork() string {
	p, doubt := s.url.spec.Doubt()
	if !doubt || s.opts.AsRead {
		return ""
	}
	why := "not connected: host or user may hold a part of the password"
	if p.Fix != nil {
		why += ": alt+f, " + clean(p.Fix.Label)
	}
	return why
}

// ask puts the open questions of a request, and starts the run when there is
// none left.
func (s *screen) ask(req request) tea.Cmd {
	reading := s.url.reading
	plan := s.send.plan(s.ctx, reading)
	switch parts := several(s.url.text); {
	case parts != nil:
		s.chooseURL(parts, func(s *screen) tea.Cmd { return s.ask(req) })
		return nil
	case s.whyNoNetwork() != "":
		s.notice = s.whyNoNetwork()
		return nil
	case req.kind == model.Send && !plan.Accepted:
		s.jump(&s.send)
		s.notice = "nothing to send: " + clean(plan.Reason)
		if s.send.title.text == "" && s.send.body.text == "" {
			s.notice = "nothing to send yet: type the message, then ^s"
		}
		return nil
	case s.live != nil && !req.replace:
		q := confirm("A run is going", []string{"Cancel it and start the new one?"}, "cancel it and start",
			func(s *screen) tea.Cmd { req.replace = true; return s.ask(req) })
		q.live = true
		s.open(q)
		return nil
	case !s.hasPassword(reading) && !req.noPassword:
		s.open(s.askPassword(req))
		return nil
	case s.inClear(reading) && !req.clear && !s.opts.AllowCleartextPassword:
		q := confirm("No encryption", []string{
			"mode=none sends the password to " + clean(reading.Veiled().TCPHost) +
				" in clear if the server offers nothing better.",
			"Anyone on the way can read it. mode=starttls is the usual answer."},
			"send it in clear, this once", func(s *screen) tea.Cmd { req.clear = true; return s.ask(req) })
		q.deliberate = true
		s.open(q)
		return nil
	}
	if req.kind == model.Send {
		set := recipientSet(reading.LoginJID, s.chosen(req))
		if chosen := s.chosen(req); len(chosen) == 0 || !req.agreed && !s.agreed[set] {
			s.open(&sendDialog{req: req, plan: plan})
			return nil
		}
		s.agreed[set] = true
	}
	return s.begin(req, plan)
}

// begin starts the run in the background and shows it.
func (s *screen) begin(req request, plan message.Batch) tea.Cmd {
	s.cancelLive()
	job := s.job()
	job.AllowCleartextPassword = job.AllowCleartextPassword || req.clear
	if !job.Reading.PasswordSet {
		job.Reading.Password = s.passwordFor(job.Reading)
		job.Reading.PasswordSet = job.Reading.Password != ""
	}
	spec := s.url.spec
	if req.kind == model.Send {
		job.Messages = plan.Messages
		s.narrow(&job.Reading, s.chosen(req))
		s.narrow(&spec.Reading, s.chosen(req))
	}
	r := model.NewRun(s.runs.NextID(), req.kind, spec, job.Messages)
	r.Trust = s.opts.Trust
	s.runs.Add(r)
	s.shown = s.runs.Len() - 1
	s.url.keep()
	s.url.choices.close()
	s.events.frozen, s.events.follow, s.xml.follow = 0, true, true
	s.stages = stagesPane{}
	s.raiseStages()
	s.started, s.elapsed = s.opts.Clock(), 0
	s.live = startRun(s.ctx, r.ID, s.runnerFor(req.kind, job), job)
	s.track(s.live.ended)
	return tea.Batch(s.live.pull, tickFor(r.ID))
}

// narrow keeps the chosen ones of a reading's targets.
func (s *screen) narrow(r *urlspec.Reading, chosen []urlspec.Address) {
	shown := s.url.spec.Reading.Targets // the chosen are some of these, with what is secret covered
	if len(chosen) == len(shown) || len(r.Targets) != len(shown) {
		return
	}
	var kept []urlspec.Address
	for i, t := range r.Targets {
		if slices.Contains(chosen, shown[i]) {
			kept = append(kept, t)
		}
	}
	r.Targets = kept
}

// raiseStages brings the stages to the front, unless they would cover a log or
// the pane that has the keys.
func (s *screen) raiseStages() {
	b, ok := s.layout().boxOf(s.stages.slot())
	if !ok {
		return
	}
	if p := s.shownIn(b); p != &s.events && p != &s.xml && p != s.focus {
		s.raise(&s.stages)
	}
}

// job is what every job on the URL has in common.
func (s *screen) job() xmppcore.Job {
	return xmppcore.Job{Reading: s.url.reading, Roots: s.opts.Roots, Lookup: s.opts.Lookup, Dial: s.opts.Dial,
		Proxy: s.opts.Proxy, NoProxy: s.opts.NoProxy,
		AllowCleartextPassword: s.opts.AllowCleartextPassword}
}

// cancelLive cancels the run that is going and closes its record. What still
// comes from it is dropped, because it has another number.
func (s *screen) cancelLive() {
	if s.live == nil {
		return
	}
	s.live.cancel()
	s.runs.Last().Finish(&event.Failure{Cause: event.CauseCancelled})
	s.live = nil
}

func (s *screen) hasPassword(r urlspec.Reading) bool {
	return r.PasswordSet || s.passwordFor(r) != ""
}

func (s *screen) passwordFor(r urlspec.Reading) string {
	if typed := s.password[r.LoginJID]; typed != "" {
		return typed
	}
	return s.opts.Password
}

// inClear says whether the password would cross a network unencrypted.
func (s *screen) inClear(r urlspec.Reading) bool {
	return r.Mode == urlspec.ModeNone && !onLoopback(r.TCPHost)
}

func onLoopback(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.IsLoopback()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// recipientSet names the sender and the recipients, whatever their order.
func recipientSet(login string, targets []urlspec.Address) string {
	names := make([]string, 0, len(targets))
	for _, t := range targets {
		names = append(names, string(t.Kind)+" "+t.JID)
	}
	sort.Strings(names)
	return login + "\n" + strings.Join(names, "\n")
}
