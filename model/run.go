package model

import (
	"errors"
	"slices"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
)

// Kind says what a run was asked to do.
type Kind string

// The two kinds of run.
const (
	Check Kind = "check" // connect, log in, join rooms; send nothing
	Send  Kind = "send"
)

// XMLLimit is how many XML lines a run keeps, and XMLBytes how much text they
// may hold together; older ones are dropped and counted. Events are never
// dropped.
const (
	XMLLimit = 5000
	XMLBytes = 1 << 20
)

// Run is one check or send and all that is known of it. Feed it with Apply,
// ApplyXML and, once, Finish; read its fields and methods at any moment.
type Run struct {
	// ID counts runs from 1 within a session.
	ID       int
	Kind     Kind
	Spec     urlspec.Spec
	Messages []xmppcore.Message

	// Attempt is the newest attempt, from 1. Stages, facts and Failure are its
	// own; Events, Rooms and Deliveries are those of all attempts.
	Attempt int
	// Stages are the steps this run takes, in order: the planned ones first
	// as not reached, then with what happened.
	Stages []Stage
	// Events are all events so far; XML the newest lines, within XMLLimit and
	// XMLBytes.
	Events     []xmppcore.Event
	XML        []xmppcore.XML
	XMLDropped int
	xmlBytes   int

	// The facts of the connection, each nil until known.
	DNS      *xmppcore.DNSData
	TCP      *xmppcore.TCPData
	Stream   *xmppcore.StreamData
	TLS      *xmppcore.TLSData
	Features *xmppcore.FeaturesData
	SASL     *xmppcore.SASLData
	Bind     *xmppcore.BindData
	Roster   *xmppcore.RosterData
	Closed   *xmppcore.CloseData

	// Rooms and Deliveries are in the order of the reading's targets; a
	// delivery is one message to one target.
	Rooms      []xmppcore.RoomData
	Deliveries []xmppcore.DeliveryData

	// Failure is the first failure that ended or spoiled the run, nil if none.
	Failure *xmppcore.Failure
	// Done is true after Finish; Took is the time of the last event.
	Done bool
	Took time.Duration

	// from is the index of the newest attempt's first event.
	from int
	// verdict is Apprise's, where an earlier attempt has decided it.
	verdict *Verdict
	// rooms and items find the events about a room (by its JID) or an item.
	rooms, items map[string]*trail
}

// trail is the events about one thing.
type trail struct {
	last int   // index of the newest in Run.Events
	seqs []int // the sequence numbers of all
}

// Stage is one step of a run as it stands.
type Stage struct {
	Name xmppcore.Stage
	// State is empty while the stage is not reached, Start while it runs.
	State xmppcore.State
	// Start is the time since the run began, Took the stage's duration
	// (of a running stage: up to the newest event).
	Start, Took time.Duration
	// Text is the stage's newest sentence.
	Text    string
	Failure *xmppcore.Failure
	// Events are the sequence numbers of its events.
	Events []int
}

// NewRun prepares a run: its stages, rooms and deliveries stand there as not
// reached before the first event comes.
func NewRun(id int, kind Kind, spec urlspec.Spec, messages []xmppcore.Message) *Run {
	r := &Run{ID: id, Kind: kind, Spec: spec, Messages: messages}
	r.begin(1)
	for _, t := range spec.Reading.Targets {
		if t.Kind == urlspec.Groupchat && r.room(t.JID) == nil {
			r.Rooms = append(r.Rooms, xmppcore.RoomData{JID: t.JID, Nick: spec.Reading.Nick})
		}
	}
	if kind == Send {
		for n := range messages {
			for _, t := range spec.Reading.Targets {
				r.Deliveries = append(r.Deliveries, xmppcore.DeliveryData{To: t.JID, Kind: string(t.Kind), Message: n + 1})
			}
		}
	}
	return r
}

// PlannedStages says which stages an attempt at this reading goes through when
// nothing fails.
func PlannedStages(kind Kind, reading urlspec.Reading) []xmppcore.Stage {
	rooms := false
	for _, t := range reading.Targets {
		rooms = rooms || t.Kind == urlspec.Groupchat
	}
	applies := map[xmppcore.Stage]bool{
		xmppcore.StageSTARTTLS: reading.Mode == urlspec.ModeSTARTTLS,
		xmppcore.StageTLS:      reading.Mode != urlspec.ModeNone,
		xmppcore.StageRoster:   reading.Roster,
		xmppcore.StageMUC:      rooms,
		xmppcore.StageSend:     kind == Send,
		xmppcore.StageAck:      kind == Send,
	}
	var planned []xmppcore.Stage
	for _, s := range xmppcore.Stages() {
		if want, conditional := applies[s]; want || !conditional {
			planned = append(planned, s)
		}
	}
	if reading.Mode == urlspec.ModeTLS { // the handshake comes before the stream
		for i, s := range planned {
			if s == xmppcore.StageTLS {
				copy(planned[3:i+1], planned[2:i])
				planned[2] = s
			}
		}
	}
	return planned
}

// Apply takes the next event. Events must come in order; one with a sequence
// number already seen is ignored.
func (r *Run) Apply(e xmppcore.Event) {
	if n := len(r.Events); n > 0 && e.Seq <= r.Events[n-1].Seq {
		return
	}
	if e.Attempt > r.Attempt {
		r.repeat(e.Attempt)
	}
	r.Events = append(r.Events, e)
	r.follow(e)
	r.Took = max(r.Took, e.At)
	r.applyStage(e)
	r.applyData(e)
	if e.State == xmppcore.Fail && e.Failure != nil && r.Failure == nil {
		r.Failure = e.Failure
	}
}

// follow notes the newest event for those whom it is about.
func (r *Run) follow(e xmppcore.Event) {
	if r.items == nil {
		r.rooms, r.items = map[string]*trail{}, map[string]*trail{}
	}
	add := func(trails map[string]*trail, name string) {
		t := trails[name]
		if t == nil {
			t = &trail{}
			trails[name] = t
		}
		t.last, t.seqs = len(r.Events)-1, append(t.seqs, e.Seq)
	}
	if e.Item != "" {
		add(r.items, e.Item)
	}
	if d, ok := e.Data.(xmppcore.RoomData); ok {
		add(r.rooms, d.JID)
	}
}

func (r *Run) applyStage(e xmppcore.Event) {
	s := r.Stage(e.Stage)
	if s == nil {
		r.insertStage(e.Stage)
		s = r.Stage(e.Stage)
	}
	s.Events = append(s.Events, e.Seq)
	if e.Text != "" {
		s.Text = e.Text
	}
	switch {
	case s.State == "":
		s.Start, s.State = e.At, xmppcore.Start
		fallthrough
	default:
		if s.State == xmppcore.Start {
			s.Took = e.At - s.Start
		}
	}
	if e.Item != "" {
		return
	}
	s.State = e.State
	if e.Failure != nil {
		s.Failure = e.Failure
	}
}

// insertStage adds a stage that was not planned, at its place in the order.
func (r *Run) insertStage(name xmppcore.Stage) {
	rank := func(want xmppcore.Stage) int {
		if want == xmppcore.StageWait {
			return -1
		}
		for i, s := range xmppcore.Stages() {
			if s == want {
				return i
			}
		}
		return len(xmppcore.Stages())
	}
	at := len(r.Stages)
	for i, s := range r.Stages {
		if rank(s.Name) > rank(name) {
			at = i
			break
		}
	}
	r.Stages = append(r.Stages, Stage{})
	copy(r.Stages[at+1:], r.Stages[at:])
	r.Stages[at] = Stage{Name: name}
}

func (r *Run) applyData(e xmppcore.Event) {
	switch d := e.Data.(type) {
	case xmppcore.DNSData:
		r.applyDNS(d, e.Item != "")
	case xmppcore.TCPData:
		r.TCP = &d
	case xmppcore.StreamData:
		r.Stream = &d
	case xmppcore.TLSData:
		r.TLS = &d
	case xmppcore.FeaturesData:
		r.Features = &d
	case xmppcore.SASLData:
		r.SASL = &d
	case xmppcore.BindData:
		r.Bind = &d
	case xmppcore.RosterData:
		r.Roster = &d
	case xmppcore.CloseData:
		r.Closed = &d
	case xmppcore.RoomData:
		if room := r.room(d.JID); room != nil {
			*room = d
		} else {
			r.Rooms = append(r.Rooms, d)
		}
	case xmppcore.DeliveryData:
		r.applyDelivery(d)
	}
}

// applyDNS joins what the look-ups gave: those of SRV records are items beside
// that of the address, and each tells its own part, in any order.
func (r *Run) applyDNS(d xmppcore.DNSData, item bool) {
	known := r.DNS
	if known == nil {
		known = &xmppcore.DNSData{}
	}
	joined := xmppcore.DNSData{Host: d.Host, Addresses: d.Addresses}
	if item && known.Host != "" {
		joined.Host, joined.Addresses = known.Host, known.Addresses
	}
	for _, record := range slices.Concat(known.SRV, d.SRV) {
		if !slices.Contains(joined.SRV, record) {
			joined.SRV = append(joined.SRV, record)
		}
	}
	r.DNS = &joined
}

func (r *Run) applyDelivery(d xmppcore.DeliveryData) {
	for i := range r.Deliveries {
		known := &r.Deliveries[i]
		if known.To == d.To && known.Message == d.Message && known.Kind == d.Kind {
			if rung(d.Evidence) < rung(known.Evidence) {
				d.Evidence = known.Evidence // evidence is never lost again
			}
			*known = d
			return
		}
	}
	r.Deliveries = append(r.Deliveries, d)
}

// ApplyXML takes the next line of XML.
func (r *Run) ApplyXML(x xmppcore.XML) {
	r.XML = append(r.XML, x)
	r.xmlBytes += len(x.Text)
	if len(r.XML) <= XMLLimit && r.xmlBytes <= XMLBytes {
		return
	}
	// A tenth goes at once, so that the rest is not moved for every line.
	drop := 0
	for drop < len(r.XML)-1 && (len(r.XML)-drop > XMLLimit*9/10 || r.xmlBytes > XMLBytes*9/10) {
		r.xmlBytes -= len(r.XML[drop].Text)
		drop++
	}
	kept := copy(r.XML, r.XML[drop:])
	clear(r.XML[kept:])
	r.XML = r.XML[:kept]
	r.XMLDropped += drop
}

// Finish ends the run with what xmppcore.Run returned.
func (r *Run) Finish(err error) {
	r.Done = true
	if err == nil {
		return
	}
	var failure *xmppcore.Failure
	if !errors.As(err, &failure) {
		failure = &xmppcore.Failure{Cause: xmppcore.CauseInternal, Detail: err.Error()}
	}
	if r.Failure == nil || failure.Cause == xmppcore.CauseCancelled {
		r.Failure = failure
	}
}

// Stage returns a stage of the run, or nil.
func (r *Run) Stage(name xmppcore.Stage) *Stage {
	for i := range r.Stages {
		if r.Stages[i].Name == name {
			return &r.Stages[i]
		}
	}
	return nil
}

func (r *Run) room(jid string) *xmppcore.RoomData {
	for i := range r.Rooms {
		if r.Rooms[i].JID == jid {
			return &r.Rooms[i]
		}
	}
	return nil
}
