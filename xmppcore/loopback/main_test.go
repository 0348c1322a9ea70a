package loopback

import (
	"context"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// go-xmpp would go through a proxy even to loopback.
	if err := os.Unsetenv("HTTP_PROXY"); err != nil {
		panic(err)
	}
	// go-xmpp's Close leaves a goroutine behind for ten seconds.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/xmppo/go-xmpp.(*Client).Close.func1"))
}

// start runs a server for the test.
func start(t *testing.T, config Config) *Server {
	t.Helper()
	if config.Log == nil {
		config.Log = func(line string) { t.Log(line) }
	}
	s, err := Start(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// deadline is a context that ends a test that waits in vain.
func deadline(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}
