package loopback

import (
	"crypto/rand"
	"fmt"
	"strings"
	"sync"

	"github.com/xdg-go/scram"
)

// maxIterations is the largest SCRAM iteration count the server computes. A
// fault may announce more; nobody logs in then.
const maxIterations = 100_000

// vault keeps what SCRAM needs of the passwords, and counts failed logins.
type vault struct {
	passwords  map[string]string // by local part
	iterations int
	limit      int // failed logins before the server locks; 0 means never
	isLocked   bool

	mu     sync.Mutex
	stored map[string]scram.StoredCredentials // by hash and local part
	failed int
}

func newVault(cfg Config) *vault {
	v := &vault{
		passwords: map[string]string{}, stored: map[string]scram.StoredCredentials{},
		iterations: cfg.Faults.Iterations, limit: cfg.Faults.MaxFailedLogins, isLocked: cfg.Faults.Locked,
	}
	if v.iterations == 0 {
		v.iterations = 4096 // the least that RFC 7677 4 allows, and the fastest
	}
	for _, a := range cfg.Accounts {
		v.passwords[strings.ToLower(a.Name)] = a.Password
	}
	return v
}

// credentials derives, once, what one hash needs of a password.
func (v *vault) credentials(mechanism, user string) (scram.StoredCredentials, error) {
	user = strings.ToLower(user)
	password, ok := v.passwords[user]
	if !ok {
		return scram.StoredCredentials{}, errUnknownUser
	}
	hash := hashOf(mechanism)
	key := strings.TrimSuffix(mechanism, plusSuffix) + " " + user
	v.mu.Lock()
	defer v.mu.Unlock()
	if c, ok := v.stored[key]; ok {
		return c, nil
	}
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return scram.StoredCredentials{}, fmt.Errorf("make a salt: %w", err)
	}
	// SASLprep refuses some passwords that clients send as they are.
	client, err := hash.NewClient(user, password, "")
	if err != nil {
		if client, err = hash.NewClientUnprepped(user, password, ""); err != nil {
			return scram.StoredCredentials{}, err
		}
	}
	factors := scram.KeyFactors{Salt: string(salt), Iters: min(v.iterations, maxIterations)}
	stored, err := client.GetStoredCredentialsWithError(factors)
	if err != nil {
		return scram.StoredCredentials{}, fmt.Errorf("derive the SCRAM keys: %w", err)
	}
	stored.Iters = v.iterations
	v.stored[key] = stored
	return stored, nil
}

// failedLogin counts a failure.
func (v *vault) failedLogin() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.failed++
}

// locked reports whether nobody may log in any more.
func (v *vault) locked() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.isLocked || v.limit > 0 && v.failed >= v.limit
}

// lockedError is what ejabberd's mod_fail2ban says.
func (v *vault) lockedError() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return &streamError{condition: "policy-violation", text: fmt.Sprintf(
		"Too many (%d) failed authentications from this IP address (127.0.0.1). The address will be unblocked in 1 hour",
		max(v.failed, v.limit, 1))}
}
