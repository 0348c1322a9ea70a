//go:build servers

package servertest

import (
	"context"
	"strings"
	"testing"
)

// Connections returns how many connections of clients the server has told of in
// its log, since it was started or since the last call. To know where to stop
// reading, it logs carol in, who must not be used otherwise; her connection is
// not counted.
func (s *Server) Connections(t testing.TB) int {
	t.Helper()
	s.Login(t, "carol", ClientOptions{})
	ctx, cancel := context.WithTimeout(t.Context(), answerTimeout)
	defer cancel()
	login, told := "Authenticated as "+JID("carol"), "Client connected" // Prosody: sessionmanager, mod_c2s
	if s.Software == "ejabberd" {
		login, told = "authentication for "+JID("carol"), "Accepted connection" // ejabberd_c2s, ejabberd_listener
	}
	text, to, err := s.process.log.before(ctx, s.read, login)
	if err != nil {
		t.Fatalf("servertest: %s does not tell of a login: %v", s.Name, err)
	}
	s.read = to
	return strings.Count(text, told) - 1
}
