# What a person runs: `make test` is the whole proof, the rest are its parts.

GO          ?= go
STATICCHECK  = $(GO) run honnef.co/go/tools/cmd/staticcheck@v0.7.0
DEADCODE     = $(GO) run golang.org/x/tools/cmd/deadcode@v0.51.0
FUZZTIME    ?= 10s

# All build tags: servers is for what needs more than Go, newservers for what
# needs the releases that `make test-servers` fetches as well, paths for what needs
# a network namespace of its own, apprise for what needs the real Apprise, which
# `make test-apprise` fetches.
TAGS = servers,newservers,paths,apprise

# The systems beside Linux that everything must build for.
SYSTEMS = windows darwin freebsd

# Fuzz targets, as package:name.
FUZZ ?= urlspec:FuzzParse xmppcore/wire:FuzzChunks xmppcore/wire:FuzzReadings xmppcore/stream:FuzzFollower \
	xmppcore/secret:FuzzFinder $(addprefix urlspec/document:Fuzz,YAML JSON TOML Shell Build Settings Source Markup Text)

.PHONY: build demo test test-servers test-paths test-apprise soak signals monkeys packages lint race canary memory fuzz bench

# Packages whose calls are not inlined in the program as it is given away, which
# makes 0.8 MiB: nobody can measure what their calls cost, since they wait for the
# network, for a file or for a key. Not among them is what each byte, URL or frame
# goes through: the runtime, strings, encoding/json, the ciphers, urlspec,
# xmppcore/wire, ui with Lip Gloss below it.
COLD = charm.land/bubbles/... charm.land/bubbletea/... compress/... crypto/ecdsa crypto/elliptic crypto/hpke \
	crypto/internal/fips140/drbg crypto/internal/fips140/ecdsa crypto/internal/fips140/rsa \
	crypto/internal/fips140/tls12 crypto/internal/fips140/tls13 crypto/rsa crypto/tls crypto/x509/... \
	encoding/asn1 encoding/xml github.com/charmbracelet/colorprofile github.com/pelletier/... \
	github.com/spf13/... github.com/xmppo/... github.com/xo/... github.com/yuin/... go.yaml.in/... \
	golang.org/x/crypto/... golang.org/x/term golang.org/x/text/encoding/... image/... math/big mime/... \
	mvdan.cc/... net net/http/... os/exec regexp/syntax text/template/... vendor/golang.org/x/net/... \
	vendor/golang.org/x/text/... xmppscope xmppscope/model/... xmppscope/ui/plain xmppscope/urlspec/document \
	xmppscope/xmppcore xmppscope/xmppcore/certificate xmppscope/xmppcore/explore xmppscope/xmppcore/loopback

# The program as it is given away: small, and without anything of this machine.
# Functions begin at every 8 bytes, which makes no difference to measure, in place
# of 32, which makes 160 kB.
OUT ?= xmppscope
build:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w -funcalign=8' $(COLD:%=-gcflags=%=-l) -o $(OUT) .

demo:
	$(GO) run . demo

test: packages lint race canary memory fuzz

# What `make test` leaves out, since it fetches 70 MB: the tests with real
# servers once more, on newer releases too. -v prints the tables of logins.
test-servers: packages
	@.ci/newer-servers
	$(GO) test -race -tags $(TAGS) -count=1 -timeout 30m ./xmppcore/servertest
	$(GO) test -race -tags $(TAGS) -count=1 -timeout 30m -v -run '^TestServer' ./xmppcore
	$(GO) test -race -tags $(TAGS) -count=1 -run '^TestServer(Healthy|Situations|Policies|RoomMoves|TLSRequired|Certificates|ChannelBinding)$$' ./model/finding

# Names and paths: resolvers, multiplexers, proxies and certificates, in a network
# namespace of its own, with the real Apprise beside xmppscope. -v prints the table of
# both. With XMPPSCOPE_RECORD=1 what it sees is recorded anew, for `make test` to
# replay.
test-paths:
	@.ci/packages paths
	@.ci/newer-servers
	@.ci/real-apprise
	$(GO) test -tags paths -count=1 -timeout 30m -v ./xmppcore/pathtest

# What xmppscope says of Apprise, against the real one, which it fetches (25 MB,
# nothing is installed): 20,000 URLs, 3,000 notifications, some hundred situations
# on five servers, the demo. It prints its tables. RECORD=1 writes the situations
# into testdata/forecasts, which `make test` replays; SEED=N makes the same URLs
# and notifications again. It wants a machine that has little else to do: Apprise
# gives up after five seconds.
test-apprise: packages
	@.ci/newer-servers
	@.ci/real-apprise
	$(GO) test -tags $(TAGS) -count=1 -timeout 60m -v ./model/realapprise

# The soak of `make test` at its full length: 10,000 messages over one session
# while Prosody is stopped and started five times; and sessions that are kept for
# a minute while they are flooded.
soak: packages
	XMPPSCOPE_SOAK=10000 $(GO) test -tags servers -count=1 -timeout 30m -v -run '^TestServerSoak$$' ./xmppcore
	XMPPSCOPE_KEPT_SECONDS=60 $(GO) test -count=1 -v -run '^TestPeakMemoryKept$$' ./xmppcore

# The signals of `make test` at their full number: 200 to each command and to the
# screen, at random moments.
signals:
	XMPPSCOPE_SIGNALS=200 $(GO) test -count=1 -timeout 60m -v -run '^TestSignals$$' ./ui/journey

# The monkeys of `make test` at their full number: a thousand press keys while
# hostile servers answer, under the race detector.
monkeys:
	XMPPSCOPE_MONKEYS=1000 $(GO) test -race -count=1 -timeout 60m -v -run '^TestMonkeys$$' ./ui

# Debian's Prosody, ejabberd and so on, where they are not installed yet.
packages:
	@.ci/packages

# Everything is looked at with all build tags, and what is there without them is
# looked at alone too, where staticcheck finds what only tagged files use. vet
# does so for the other systems; on Linux, there is nothing more to see.
lint:
	@unformatted="$$($(GO) list -f '{{.Dir}}' ./... | xargs gofmt -l)"; \
	test -z "$$unformatted" || { echo "not formatted with gofmt: $$unformatted" >&2; exit 1; }
	$(GO) vet -tags $(TAGS) ./...
	@for system in $(SYSTEMS); do \
		echo "building and vetting for $$system"; \
		export CGO_ENABLED=0 GOOS=$$system GOARCH=amd64; \
		$(GO) build ./... && $(GO) vet ./... || exit 1; \
	done
	$(STATICCHECK) ./...
	$(STATICCHECK) -tags $(TAGS) ./...
	@dead="$$($(DEADCODE) -test -tags $(TAGS) ./...)" || exit 1; \
	test -z "$$dead" || { echo "nothing calls this:"; echo "$$dead"; exit 1; } >&2

# Of the packages that run at the same time, some wait for servers and deadlines
# while others keep the processors busy: three for two processors, the longest
# first. Without GORACE, every process sleeps for a second at its end.
race:
	GORACE=atexit_sleep_ms=0 $(GO) test -race -tags servers -count=1 -timeout 15m -p 3 -parallel 4 ./xmppcore ./...

# Every text with a password in it, given to every command: too many for the race
# detector, which sees a part of them.
canary:
	$(GO) test -count=1 -run '^TestCanary' .

# What hostile peers and texts cost at most, which the race detector would falsify.
memory:
	$(GO) test -count=1 -run '^Test(Growth|Interrupted)$$' ./model/message
	$(GO) test -count=1 -run '^TestTimeIsLinear$$' ./urlspec/document
	$(GO) test -count=1 -run '^TestPeakMemory' ./xmppcore

# A fuzz target that does not exist would pass in silence, so it is looked up.
# Making an interesting input shorter may take a minute each, in which nothing
# is tried, so that has a limit.
fuzz:
	@for target in $(FUZZ); do \
		package=./$${target%%:*} name=$${target##*:}; \
		grep -q "^func $$name(f \*testing.F)" $$package/*_test.go || \
			{ echo "there is no fuzz target $$name in $$package" >&2; exit 1; }; \
		echo "fuzzing $$name in $$package for $(FUZZTIME)"; \
		$(GO) test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x $$package || exit 1; \
	done

# The benchmarks, and the program beside others on real servers: ui/journey prints
# medians, spreads and ratios.
bench: packages
	$(GO) test -tags servers -run '^$$' -bench . -benchmem -timeout 60m ./...
