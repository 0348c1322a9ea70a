package finding

import (
	"strings"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// milestones are what a run passes on its way, whichever of TLS and the stream
// comes first.
var milestones = [...]event.Stage{event.StageTCP, event.StageStream, event.StageTLS, event.StageFeatures,
	event.StageSASL, event.StageBind}

// Helped reports whether a fix between two runs brought the second one further: it
// did all that it was asked to, or passed more on its way, or more rooms let it in.
// What did not help is better taken back: it may make the URL worse.
func Helped(before, after *model.Run) bool {
	if after.OK() {
		return true
	}
	before1, before2 := way(before)
	after1, after2 := way(after)
	return after1 > before1 || after1 == before1 && after2 > before2
}

// way measures how far a run came: the milestones that it passed, then the rooms and
// targets that took part.
func way(r *model.Run) (passed, served int) {
	for _, stage := range milestones {
		if r.Passed(stage) {
			passed++
		}
	}
	for _, room := range r.Rooms {
		if room.Joined {
			served++
		}
	}
	delivered, _ := r.Delivered()
	return passed, served + delivered
}

// Undoes reports whether a URL takes back what a fix changed that was kept: the
// readings are those before and after that fix, and after the next one.
func Undoes(before, after, next urlspec.Reading) bool {
	back := func(was, is, would string) bool { return was != is && was == would }
	return back(string(before.Mode), string(after.Mode), string(next.Mode)) ||
		back(place(before), place(after), place(next)) ||
		back(before.Nick, after.Nick, next.Nick) ||
		before.ScramPlus != after.ScramPlus && before.ScramPlus == next.ScramPlus ||
		before.Verify != after.Verify && before.Verify == next.Verify
}

// place is where a reading connects.
func place(r urlspec.Reading) string {
	return strings.ToLower(urlspec.JoinHostPort(r.TCPHost, r.Port))
}
