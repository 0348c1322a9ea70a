// Package feed carries values from the network to whatever draws or prints
// them, without ever making the network wait.
//
// A goroutine that must not be held up writes with [Feed.Push], which appends
// and returns. Where memory has to be bounded it writes with [Feed.Offer],
// which takes only so many values at a time and counts those it turned away.
// The reader calls [Feed.Pull] again and again: it sleeps until there is
// something, gathers what follows at once, and returns all of that as one
// [Batch], so that ten thousand values do not cost ten thousand redraws. After
// [Feed.Close] the reader gets what is still there, and then a batch that says
// that it is the last.
//
// A feed has no goroutine and no context of its own. To end a reader, close
// the feed: every writer does, whether its work succeeded, failed or was
// cancelled. There may be many writers, but only one reader at a time.
package feed
