package model

import (
	"cmp"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
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
	Messages []event.Message
	// Tried are the readings of other runs of the same story: of the URL before it
	// was edited, and of edits that did not help. Findings offer none of them again.
	Tried []urlspec.Reading
	// Trust is what Apprise is taken to trust, for its verdict.
	Trust AppriseTrust

	// Attempt is the newest attempt, from 1. Stages, facts and Failure are its
	// own; Events, Rooms and Deliveries are those of all attempts.
	Attempt int
	// Stages are the steps this run takes, in order: the planned ones first
	// as not reached, then with what happened.
	Stages []Stage
	// Events are all events so far; XML the newest lines, within XMLLimit and
	// XMLBytes.
	Events     []event.Event
	XML        []event.XML
	XMLDropped int
	xmlBytes   int

	// The facts of the connection, each nil until known.
	DNS      *event.DNS
	TCP      *event.TCP
	Stream   *event.Stream
	TLS      *event.TLS
	Features *event.Features
	SASL     *event.SASL
	Bind     *event.Bind

	// Rooms and Deliveries are in the order of the reading's targets; a
	// delivery is one message to one target.
	Rooms      []event.Room
	Deliveries []event.Delivery

	// Failure is the first failure that ended or spoiled the run, nil if none.
	Failure *event.Failure
	// Done is true after Finish; Took is the time of the last event.
	Done bool
	Took time.Duration

	// from is the index of the newest attempt's first event.
	from int
	// Earlier are the attempts before this one, each as the run stood at its end.
	Earlier []*Run

	// rooms and items find the events about a room (by its JID) or an item.
	rooms, items map[string]*trail
	// roomAt and deliveryAt are the places in Rooms and Deliveries, by JID and by
	// stanza id; untold are the deliveries that have no id yet.
	roomAt     map[string]int
	deliveryAt map[string]int
	untold     map[deliveryKey][]int
}

// deliveryKey is what tells the deliveries of a run apart.
type deliveryKey struct {
	to, kind string
	message  int
}

func keyOf(d event.Delivery) deliveryKey { return deliveryKey{d.To, d.Kind, d.Message} }

// trail is the events about one thing.
type trail struct {
	last   int    // index of the newest in Run.Events
	seqs   []int  // the sequence numbers of all
	failed string // the text of the newest that says fail
}

// Stage is one step of a run as it stands.
type Stage struct {
	Name event.Stage
	// State is empty while the stage is not reached, Start while it runs.
	State event.State
	// Start is the time since the run began, Took the stage's duration
	// (of a running stage: up to the newest event).
	Start, Took time.Duration
	// Text is the stage's newest sentence.
	Text    string
	Failure *event.Failure
	// Events are the sequence numbers of its events.
	Events []int
}

// NewRun prepares a run: its stages, rooms and deliveries stand there as not
// reached before the first event comes.
func NewRun(id int, kind Kind, spec urlspec.Spec, messages []event.Message) *Run {
	spec = spec.Veiled() // what a run keeps is to be shown
	r := &Run{ID: id, Kind: kind, Spec: spec, Messages: messages, roomAt: map[string]int{},
		deliveryAt: map[string]int{}, untold: map[deliveryKey][]int{}}
	r.begin(1)
	for _, t := range spec.Reading.Targets {
		if t.Kind == urlspec.Groupchat && r.Room(t.JID) == nil {
			r.addRoom(event.Room{JID: t.JID, Nick: spec.Reading.Nick})
		}
	}
	if kind == Send {
		for n := range messages {
			for _, t := range spec.Reading.Targets {
				r.addDelivery(event.Delivery{To: t.JID, Kind: string(t.Kind), Message: n + 1})
			}
		}
	}
	return r
}

// plannedStages says which stages an attempt at this reading goes through when
// nothing fails.
func plannedStages(kind Kind, reading urlspec.Reading) []event.Stage {
	stages := event.Planned(event.Scope{
		Mode:   reading.Mode,
		Roster: reading.Roster,
		Rooms:  slices.ContainsFunc(reading.Targets, func(t urlspec.Address) bool { return t.Kind == urlspec.Groupchat }),
		Sends:  kind == Send,
	})
	if _, err := netip.ParseAddr(strings.Trim(reading.TCPHost, "[]")); err == nil { // an address is not looked up
		stages = slices.DeleteFunc(stages, func(s event.Stage) bool { return s == event.StageDNS })
	}
	return stages
}

// CheckStages are the stages that a check may take, whatever its URL: those that
// it can be told to end after.
func CheckStages() []event.Stage {
	return event.Planned(event.Scope{Mode: urlspec.ModeSTARTTLS, Roster: true, Rooms: true})
}

// Apply takes the next event. Events must come in order; one with a sequence
// number already seen is ignored.
func (r *Run) Apply(e event.Event) {
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
	if e.State == event.Fail && e.Failure != nil && r.Failure == nil {
		r.Failure = e.Failure
	}
}

// follow notes the newest event for those whom it is about.
func (r *Run) follow(e event.Event) {
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
		if e.State == event.Fail {
			t.failed = e.Text
		}
	}
	if e.Item != "" {
		add(r.items, e.Item)
	}
	if d, ok := e.Data.(event.Room); ok {
		add(r.rooms, d.JID)
	}
}

// RoomTrail is the newest event about a room and the numbers of all of them; nil
// when there is none.
func (r *Run) RoomTrail(jid string) (last *event.Event, events []int) { return r.newest(r.rooms[jid]) }

// ItemTrail is the same for an item: an address, a message by its stanza id.
func (r *Run) ItemTrail(item string) (last *event.Event, events []int) {
	return r.newest(r.items[item])
}

func (r *Run) newest(t *trail) (last *event.Event, events []int) {
	if t == nil {
		return nil, nil
	}
	return &r.Events[t.last], slices.Clone(t.seqs)
}

func (r *Run) applyStage(e event.Event) {
	s := r.Stage(e.Stage)
	if s == nil {
		r.insertStage(e.Stage)
		s = r.Stage(e.Stage)
	}
	s.Events = append(s.Events, e.Seq)
	// What went on beside a connection that stands is no news of it.
	beside := e.Item != "" && s.State != "" && s.State != event.Start &&
		e.Stage.Before(event.StageFeatures, r.Spec.Reading.Mode)
	if e.Text != "" && !beside {
		s.Text = e.Text
	}
	switch {
	case s.State == "":
		s.Start, s.State = e.At, event.Start
		fallthrough
	default:
		if s.State == event.Start {
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
func (r *Run) insertStage(name event.Stage) {
	mode := r.Spec.Reading.Mode
	at := slices.IndexFunc(r.Stages, func(s Stage) bool { return name.Before(s.Name, mode) })
	if at < 0 {
		at = len(r.Stages)
	}
	r.Stages = slices.Insert(r.Stages, at, Stage{Name: name})
}

func (r *Run) applyData(e event.Event) {
	switch d := e.Data.(type) {
	case event.DNS:
		r.applyDNS(d, e.Item != "")
	case event.TCP:
		if e.Item == "" || r.TCP == nil || !r.Passed(event.StageTCP) { // else it came beside the session
			r.TCP = &d
		}
	case event.Stream:
		r.Stream = &d
	case event.TLS:
		if e.Item == "" { // else it is another handshake, beside the session
			r.TLS = &d
		}
	case event.Features:
		r.Features = &d
	case event.SASL:
		r.SASL = &d
	case event.Bind:
		r.Bind = &d
	case event.Room:
		if room := r.Room(d.JID); room != nil {
			*room = d
		} else {
			r.addRoom(d)
		}
	case event.Delivery:
		r.applyDelivery(d)
	}
}

// applyDNS joins what the look-ups gave: those of SRV records are items beside
// that of the address, and each tells its own part, in any order.
func (r *Run) applyDNS(d event.DNS, item bool) {
	known := r.DNS
	if known == nil {
		known = &event.DNS{}
	}
	joined := event.DNS{Host: d.Host, Addresses: d.Addresses, Completed: cmp.Or(d.Completed, known.Completed)}
	if item && known.Host != "" {
		joined.Host, joined.Addresses = known.Host, known.Addresses
	}
	for _, record := range slices.Concat(known.SRV, d.SRV) {
		if !slices.Contains(joined.SRV, record) {
			joined.SRV = append(joined.SRV, record)
		}
	}
	joined.Invalid = slices.Concat(known.Invalid, d.Invalid)
	for _, what := range slices.Concat(known.Unanswered, d.Unanswered) {
		if !slices.Contains(joined.Unanswered, what) {
			joined.Unanswered = append(joined.Unanswered, what)
		}
	}
	r.DNS = &joined
}

// applyDelivery takes what is known now of a message to a target. Two targets can
// be one address: then each is told under an id of its own.
func (r *Run) applyDelivery(d event.Delivery) {
	i, known := r.deliveryAt[d.ID]
	untold := r.untold[keyOf(d)]
	switch {
	case d.ID != "" && known:
	case len(untold) > 0:
		i = untold[0]
		if d.ID != "" {
			r.untold[keyOf(d)], r.deliveryAt[d.ID] = untold[1:], i
		}
	default:
		r.addDelivery(d)
		return
	}
	r.Deliveries[i] = d
}

func (r *Run) addDelivery(d event.Delivery) {
	if d.ID != "" {
		r.deliveryAt[d.ID] = len(r.Deliveries)
	} else {
		r.untold[keyOf(d)] = append(r.untold[keyOf(d)], len(r.Deliveries))
	}
	r.Deliveries = append(r.Deliveries, d)
}

func (r *Run) addRoom(room event.Room) {
	r.roomAt[room.JID] = len(r.Rooms)
	r.Rooms = append(r.Rooms, room)
}

// ApplyXML takes the next line of XML.
func (r *Run) ApplyXML(x event.XML) {
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
	var failure *event.Failure
	if !errors.As(err, &failure) {
		failure = &event.Failure{Cause: event.CauseInternal, Detail: err.Error()}
	}
	if r.Failure == nil || failure.Cause == event.CauseCancelled {
		r.Failure = failure
	}
}

// Stage returns a stage of the run, or nil.
func (r *Run) Stage(name event.Stage) *Stage {
	for i := range r.Stages {
		if r.Stages[i].Name == name {
			return &r.Stages[i]
		}
	}
	return nil
}

// Room returns a room of the run by its JID, or nil.
func (r *Run) Room(jid string) *event.Room {
	if i, known := r.roomAt[jid]; known {
		return &r.Rooms[i]
	}
	return nil
}
