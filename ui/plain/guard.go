package plain

import "time"

// pause is the time that another program gets to finish its write. There is
// no event that tells of it.
func pause() { time.Sleep(time.Millisecond) }

// waitWithoutLease waits a moment for a writer that has the file open still.
func waitWithoutLease(changed func() bool) {
	for range 20 {
		if changed() {
			pause()
			return
		}
		pause()
	}
}
