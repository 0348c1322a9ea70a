package loopback

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// go-xmpp's Close leaves a goroutine behind for ten seconds.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/xmppo/go-xmpp.(*Client).Close.func1"))
}

// start runs a server for the test.
func start(t *testing.T, cfg Config) *Server {
	t.Helper()
	if cfg.Log == nil {
		cfg.Log = func(line string) { t.Log(line) }
	}
	s, err := Start(cfg)
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

// patience is a context that ends a test that waits in vain.
func patience(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}
