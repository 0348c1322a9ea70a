package plain

import (
	"time"

	"xmppscope/ui/feed"
)

// patience is how long nothing may happen before a person is told what is
// being waited for.
const patience = time.Second

// follow hands what comes out of a feed to take, until the feed or take ends
// it, and calls quiet once for each time that nothing came for long.
func follow[T any](from *feed.Feed[T], take func([]T) error, quiet func()) error {
	pull := func() feed.Batch[T] { return from.PullWithin(patience) }
	for next := pull; ; {
		batch := next()
		if err := take(batch.Values); err != nil || batch.Last {
			return err
		}
		if next = pull; len(batch.Values) == 0 {
			quiet()
			next = from.Pull
		}
	}
}
