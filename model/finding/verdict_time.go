package finding

import (
	"fmt"
	"math"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// Apprise gives a session max(5, cto) seconds, and a part of them to connecting.
// The server takes about as long for Apprise as for us, so the times of our stages
// say whether that is enough. edge is how near to the limit, as a part of it, either
// may come about: the next server or hour may be faster or slower by as much.
const edge = 0.15

// connectStages are the steps of connecting, with direct TLS the handshake too.
func (f *facts) connectStages() []event.Stage {
	stages := []event.Stage{event.StageDNS, event.StageTCP}
	if f.reading.Mode == urlspec.ModeTLS {
		stages = append(stages, event.StageTLS)
	}
	return stages
}

// loginStages are the steps up to the point where messages can be sent.
func (f *facts) loginStages() []event.Stage {
	return []event.Stage{event.StageDNS, event.StageTCP, event.StageStream, event.StageSTARTTLS, event.StageTLS,
		event.StageFeatures, event.StageSASL, event.StageBind}
}

// took are the seconds that stages took.
func (f *facts) took(stages ...event.Stage) float64 {
	total := 0.0
	for _, name := range stages {
		if s := f.Stage(name); s != nil {
			total += s.Took.Seconds()
		}
	}
	return total
}

// budget is the time of an Apprise session in seconds: at least five.
func (f *facts) budget() float64 {
	cto := float64(f.reading.CTO)
	if math.IsNaN(cto) {
		return 5
	}
	return max(5, cto)
}

// connectLimit is the part of it that connecting may take.
func (f *facts) connectLimit() float64 { return max(3, min(15, f.budget()/3)) }

// within compares the time that a server takes with a limit: whether it is surely
// over it, and whether it is so near that either may come about.
func within(took, limit float64) (over, near bool) {
	return took >= limit*(1+edge), took > limit*(1-edge)
}

// tooSlowToConnect judges a connection that takes longer than Apprise waits.
func (f *facts) tooSlowToConnect() Verdict {
	took := f.took(f.connectStages()...)
	why := fmt.Sprintf("connecting takes %.1f s here, and Apprise gives up after %s", took, seconds(f.connectLimit()))
	switch over, near := within(took, f.connectLimit()); {
	case f.failure != nil && f.at(event.StageTLS):
		return Verdict{} // it is judged by its cause
	case over:
		return failure(why)
	case near:
		return either(why)
	}
	return Verdict{}
}

// givesUp is what Apprise does where the server is silent or not there, for the
// middle of a sentence: a connection that does not come about is given up earlier
// than a session. An address that answers with a refusal is tried again until the
// session's time is over.
func (f *facts) givesUp(why *event.Failure) string {
	silent := why.Cause == event.CauseTimeout && (why.Stage == event.StageDNS || why.Stage == event.StageTCP ||
		why.Stage == event.StageTLS && f.reading.Mode == urlspec.ModeTLS)
	if silent {
		return "gives up after " + seconds(f.connectLimit())
	}
	return f.timesOut()
}

// timesOut is what Apprise does when the time of its session is over, for the
// middle of a sentence.
func (f *facts) timesOut() string { return "gives up when its " + seconds(f.budget()) + " are over" }

func seconds(n float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.2f", n), ".00") + " s"
}
