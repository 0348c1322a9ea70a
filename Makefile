# What a person runs: `make test` is the whole proof, the rest are its parts.

GO          ?= go
STATICCHECK  = $(GO) run honnef.co/go/tools/cmd/staticcheck@v0.7.0
FUZZTIME    ?= 30s

# Fuzz targets, as package:name.
FUZZ ?= urlspec:FuzzParse xmppcore/wire:FuzzChunks xmppcore/wire:FuzzReadings

.PHONY: build demo test test-servers soak packages lint race memory fuzz bench

build:
	$(GO) build -o xmppscope .

demo:
	$(GO) run . demo

test: packages lint race memory fuzz

# What `make test` leaves out, since it fetches 70 MB: the tests with real
# servers once more, on newer releases too. -v prints the tables of logins.
test-servers: packages
	@.ci/newer-servers
	$(GO) test -race -tags servers,newservers -count=1 -timeout 30m ./xmppcore/servertest
	$(GO) test -race -tags servers,newservers -count=1 -timeout 30m -v -run '^TestServer' ./xmppcore
	$(GO) test -race -tags servers,newservers -count=1 -run '^TestServer(Healthy|Situations|TLSRequired|Certificates|ChannelBinding)$$' ./model

# The soak of `make test` at its full length: 10,000 messages over one session
# while Prosody is stopped and started five times.
soak: packages
	XMPPSCOPE_SOAK=10000 $(GO) test -tags servers -count=1 -timeout 30m -v -run '^TestServerSoak$$' ./xmppcore

# Debian's Prosody, ejabberd and so on, where they are not installed yet.
packages:
	@.ci/packages

# Everything is looked at three times: without the tests that start real
# servers, with them, and with those on newer releases.
lint:
	@unformatted="$$($(GO) list -f '{{.Dir}}' ./... | xargs gofmt -l)"; \
	test -z "$$unformatted" || { echo "not formatted with gofmt: $$unformatted" >&2; exit 1; }
	$(GO) vet ./...
	$(GO) vet -tags servers ./...
	$(GO) vet -tags servers,newservers ./xmppcore/... ./model
	$(STATICCHECK) ./...
	$(STATICCHECK) -tags servers ./...
	$(STATICCHECK) -tags servers,newservers ./xmppcore/...

race:
	$(GO) test -race -tags servers -count=1 -timeout 15m ./...

# What hostile peers cost at most, which the race detector would falsify.
memory:
	$(GO) test -count=1 -run '^TestPeakMemory$$' ./xmppcore

# A fuzz target that does not exist would pass in silence, so it is looked up.
fuzz:
	@for target in $(FUZZ); do \
		package=./$${target%%:*} name=$${target##*:}; \
		$(GO) test -list "^$$name$$" $$package | grep -qx "$$name" || \
			{ echo "there is no fuzz target $$name in $$package" >&2; exit 1; }; \
		echo "fuzzing $$name in $$package for $(FUZZTIME)"; \
		$(GO) test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
	done

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./...
