package document

import (
	"strings"
	"testing"
)

// TestBuildFiles: of Dockerfiles and Makefiles, a shell reads what one reads,
// after make has read its "$".
func TestBuildFiles(t *testing.T) {
	t.Parallel()
	urls := strings.NewReplacer("WRONG", "xmpps://alice:se@cret@h.example/bob",
		"RIGHT", "xmpps://alice:se%40cret@h.example/bob", "GOOD", "xmpps://alice:secret@h.example/bob?mode=tls")
	for _, c := range []struct{ name, content, want, fixed string }{
		{"Dockerfile", "FROM x\nRUN apprise WRONG", "2 password-at", "FROM x\nRUN apprise RIGHT"},
		{"Dockerfile", "RUN apprise GOOD&to=x && echo", "1 shell-unquoted", "RUN apprise 'GOOD&to=x' && echo"},
		{"Dockerfile",
			"RUN --mount=type=cache,target=/x apt-get update \\\n # GOOD&to=x\n  && apprise \\\n    GOOD&to=x; \\\n  true",
			"4 shell-unquoted",
			"RUN --mount=type=cache,target=/x apt-get update \\\n # GOOD&to=x\n  && apprise \\\n    'GOOD&to=x'; \\\n  true"},
		{"Dockerfile", "RUN [\"apprise\", \"WRONG\"]", "1 password-at", "RUN [\"apprise\", \"RIGHT\"]"},
		{"Dockerfile", "CMD [\"sh\", \"-c\", \"apprise GOOD&to=x\"]", "1 shell-unquoted",
			"CMD [\"sh\", \"-c\", \"apprise 'GOOD&to=x'\"]"},
		{"Dockerfile", "ENTRYPOINT apprise GOOD&to=x", "1 shell-unquoted", "ENTRYPOINT apprise 'GOOD&to=x'"},
		{"Dockerfile", "HEALTHCHECK --interval=5m CMD apprise GOOD&to=x || exit 1", "1 shell-unquoted",
			"HEALTHCHECK --interval=5m CMD apprise 'GOOD&to=x' || exit 1"},
		{"Dockerfile", "ONBUILD RUN apprise GOOD&to=x", "1 shell-unquoted", "ONBUILD RUN apprise 'GOOD&to=x'"},
		{"Dockerfile", "RUN <<EOF\nset -e\napprise GOOD&to=x\nEOF\nUSER WRONG", "3 shell-unquoted, 5 password-at",
			"RUN <<EOF\nset -e\napprise 'GOOD&to=x'\nEOF\nUSER RIGHT"},
		{"Dockerfile", "RUN python3 <<EOF\nu = \"WRONG\"\nEOF\n", "2 password-at",
			"RUN python3 <<EOF\nu = \"RIGHT\"\nEOF\n"},
		{"Dockerfile", "COPY <<EOF /apprise.conf\nWRONG\nEOF\n", "2 password-at", "COPY <<EOF /apprise.conf\nRIGHT\nEOF\n"},
		{"Dockerfile", "ENV A=WRONG B=\"WRONG\"", "1 password-at, 1 password-at", "ENV A=RIGHT B=\"RIGHT\""},
		{"Dockerfile", "ENV A xmpps://alice:$PW@h.example/bob?nmae=x\nARG B='WRONG'", "1 param-unknown, 2 password-at",
			"ENV A xmpps://alice:$PW@h.example/bob?name=x\nARG B='RIGHT'"},
		{"Dockerfile", "ENV A=xmpps://alice:se\\ cret@h.example", "1 whitespace", "ENV A=xmpps://alice:se%20cret@h.example"},
		{"Dockerfile", "# RUN apprise WRONG", "", ""},
		{"app.Dockerfile", "SHELL [\"powershell\", \"-command\"]\nRUN apprise GOOD&to=x", "", ""},

		{"Makefile", "x:\n\t@apprise GOOD&to=x", "2 shell-unquoted", "x:\n\t@apprise 'GOOD&to=x'"},
		{"Makefile", "x:\n\tapprise \"xmpps://$(USER):$${PW}@h.example/bob?nmae=$(N)\"", "2 param-unknown",
			"x:\n\tapprise \"xmpps://$(USER):$${PW}@h.example/bob?name=$(N)\""},
		{"Makefile", "x:\n\tapprise 'xmpps://alice:s$$e@cret@h.example/bob'", "2 password-at",
			"x:\n\tapprise 'xmpps://alice:s$$e%40cret@h.example/bob'"},
		{"Makefile", "x:\n\tapprise \\\n\t  -b hi GOOD&to=x", "3 shell-unquoted", "x:\n\tapprise \\\n\t  -b hi 'GOOD&to=x'"},
		{"Makefile", "U1 := WRONG\nexport URL ?= WRONG # WRONG\n", "1 password-at, 2 password-at",
			"U1 := RIGHT\nexport URL ?= RIGHT # WRONG\n"},
		{"GNUmakefile", "URL != echo GOOD&to=x", "1 shell-unquoted", "URL != echo 'GOOD&to=x'"},
		{"rules.mk", "# WRONG\nall: ; apprise WRONG", "2 password-at", "# WRONG\nall: ; apprise RIGHT"},
	} {
		checkFix(t, urls, c.name, c.content, c.want, c.fixed)
	}
}
