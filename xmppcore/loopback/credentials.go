package loopback

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"

	"github.com/xdg-go/scram"
)

// maxIterations is the largest SCRAM iteration count that the server computes.
// A fault may announce more; nobody logs in then.
const maxIterations = 100_000

// credentials are what SCRAM needs of the passwords.
type credentials struct {
	iterations int

	mu     sync.Mutex
	stored map[string]scram.StoredCredentials // by mechanism and localpart
}

func newCredentials(iterations int) *credentials {
	// 4096 is the least that RFC 7677 4 allows, and the fastest.
	return &credentials{iterations: cmp.Or(iterations, 4096), stored: map[string]scram.StoredCredentials{}}
}

// of derives, once, what a mechanism needs of an account's password.
func (c *credentials) of(a *account, mechanism string) (scram.StoredCredentials, error) {
	key := strings.TrimSuffix(mechanism, plusSuffix) + " " + a.jid.local
	c.mu.Lock()
	defer c.mu.Unlock()
	if s, ok := c.stored[key]; ok {
		return s, nil
	}
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails (crypto/rand since Go 1.24)
	// SASLprep refuses some passwords that clients send as they are.
	hash := hashOf(mechanism)
	client, err := hash.NewClient(a.jid.local, a.Password, "")
	if err != nil {
		if client, err = hash.NewClientUnprepped(a.jid.local, a.Password, ""); err != nil {
			return scram.StoredCredentials{}, err
		}
	}
	stored, err := client.GetStoredCredentialsWithError(
		scram.KeyFactors{Salt: string(salt), Iters: min(c.iterations, maxIterations)})
	if err != nil {
		return scram.StoredCredentials{}, fmt.Errorf("derive the SCRAM keys: %w", err)
	}
	stored.Iters = c.iterations
	c.stored[key] = stored
	return stored, nil
}
