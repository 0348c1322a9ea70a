package feed_test

import (
	"fmt"
	"time"

	"xmppscope/ui/feed"
)

func Example() {
	stages := feed.New[string](feed.Options{Gather: 10 * time.Millisecond, Most: 2})
	go func() {
		defer stages.Close()
		for _, stage := range []string{"dns", "tcp", "tls"} {
			stages.Push(stage)
		}
	}()
	for {
		batch := stages.Pull()
		for _, stage := range batch.Values {
			fmt.Println(stage)
		}
		if batch.Last {
			return
		}
	}
	// Output:
	// dns
	// tcp
	// tls
}
