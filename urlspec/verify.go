package urlspec

// budget bounds the work of verified on a text of any length.
const (
	maxVerified      = 64
	maxVerifiedBytes = 256 << 10
)

// verified drops the fixes that would not hold their promise: to make the
// problem go away, to bring no new error, and to leave no part of a password
// where it shows. Of the others it keeps safe only those that hold the promise
// of safe ones, whatever the table says of their code. Beyond the budget it
// leaves the problems without fixes.
func (r *resolved) verified(text string, marks []extent, problems []Problem) []Problem {
	v := verifier{resolved: r, text: text, marks: marks, cover: -1}
	tried, bytes := 0, 0
	for i := range problems {
		p := &problems[i]
		fixes := p.Fixes()
		p.Fix, p.Others = nil, nil
		for _, f := range fixes {
			if v.before == nil {
				v.before = countCodes(problems)
			}
			tried++
			bytes += len(text)
			if tried > maxVerified || bytes > maxVerifiedBytes {
				break
			}
			if v.judge(p.Code, &f) {
				p.offer(f)
			}
		}
	}
	return problems
}

// verifier tries the fixes of one text.
type verifier struct {
	*resolved
	text   string
	marks  []extent       // the secrets
	before map[string]int // how often each code is raised
	cover  int            // where the password ends as it was meant, once it is known
}

// judge says whether a fix helps, and gives it its kind.
func (v *verifier) judge(code string, f *Fix) bool {
	fixed := f.Apply(v.text)
	l := lex(fixed)
	next := resolve(&l)
	marks := next.secrets(fixed)
	problems := next.check(fixed, marks)
	after := countCodes(problems)
	if refused := v.accepted() && !v.doubt && !next.accepted(); refused || after[code] >= v.before[code] ||
		uncovers(v.meantSecrets(code), *f, marks) {
		return false
	}
	for i := range problems {
		// What was no URL had no parts that could be wrong.
		if p := &problems[i]; p.Severity == Error && after[p.Code] > v.before[p.Code] && !v.faults.has(notURL) {
			return false
		}
	}
	info, _ := Explain(code)
	if f.Kind == FixNone {
		f.Kind = info.Fix
	}
	if f.Kind == FixSafe && (!v.safe(code, next) || reveals(code) && uncovers(v.marks, *f, marks)) {
		f.Kind = FixOffered
	}
	return true
}

// safe says whether a fix keeps what a safe one keeps. Where the host is in
// doubt, and the fix is about that, it is the text with all such fixes made that
// counts: it must lead to a host that nobody takes for a piece of a password.
func (v *verifier) safe(code string, next *resolved) bool {
	if !v.accepted() || !v.doubt || !reveals(code) {
		return keeps(v.resolved, next)
	}
	return v.meant != nil && v.meant.accepted() && isDotted(v.meant.host.s) && v.meant.login.local == v.login.local
}

// meantSecrets are the secrets that a fix of a code must leave covered. What a
// fix for user and password makes of the text behind them is a target again.
func (v *verifier) meantSecrets(code string) []extent {
	switch {
	case code == "target-illegal-jid", code == "scheme-twice":
		return nil // the address behind a scheme is no password
	case !reveals(code):
		return v.marks
	}
	if v.cover < 0 {
		v.cover = max(0, (&checker{resolved: v.resolved, text: v.text, marks: v.marks}).credentials().at)
	}
	var out []extent
	for _, m := range v.marks {
		if m.start < v.cover {
			out = append(out, extent{m.start, min(m.end, v.cover)})
		}
	}
	return out
}

// uncovers says whether a fix would leave a part of a password where it shows.
// after are the secrets of the text with the fix made.
func uncovers(secrets []extent, f Fix, after []extent) bool {
	by := len(f.Text) - (f.End - f.Start)
	for _, m := range secrets {
		for i := m.start; i < m.end; i++ {
			at := i
			if i >= f.End {
				at += by
			}
			if (i < f.Start || i >= f.End) && !covers(after, at, at+1) {
				return true
			}
		}
	}
	return false
}

func countCodes(problems []Problem) map[string]int {
	n := make(map[string]int, len(problems))
	for _, p := range problems {
		n[p.Code]++
	}
	return n
}
