package secret

// automaton looks for many texts in one pass (Aho and Corasick, 1975). Its
// states are the beginnings of the texts; next leads from one to the longest
// that fits after one more byte.
type automaton struct {
	class [256]uint8 // of a byte, as asciiFold has it; 0 stands in no text
	width int
	next  []int32 // by state and class
	fail  []int32 // the longest proper end of a state that is a state itself
	depth []int32
	// ends is the form that ends at a state, and also the next state down the
	// chain of fail where one ends; -1 and 0 for none.
	ends      []int32
	other     []int32
	prefilter prefilter
	// plain marks the beginnings of a secret as it is, not in base64.
	plain []bool
}

// newAutomaton is for forms that are folded.
func newAutomaton(forms []form) *automaton {
	a := &automaton{width: 1}
	for _, f := range forms {
		for i := range len(f.text) {
			if c := f.text[i]; a.class[c] == 0 && a.width < 256 {
				a.class[c] = uint8(a.width)
				a.width++
			}
		}
	}
	for c := range 256 {
		a.class[c] = a.class[asciiFold(byte(c))]
	}
	a.grow(0)
	for i, f := range forms {
		state := int32(0)
		for j := range len(f.text) {
			at := int(state)*a.width + int(a.class[f.text[j]])
			if a.next[at] == 0 {
				a.next[at] = int32(len(a.depth))
				a.grow(a.depth[state] + 1)
			}
			state = a.next[at]
			a.plain[state] = a.plain[state] || !f.encoded
		}
		a.ends[state] = int32(i)
	}
	a.link()
	a.prefilter.learn(forms, &a.class)
	return a
}

// grow adds a state.
func (a *automaton) grow(depth int32) {
	a.next = append(a.next, make([]int32, a.width)...)
	a.fail, a.other = append(a.fail, 0), append(a.other, 0)
	a.depth, a.ends = append(a.depth, depth), append(a.ends, -1)
	a.plain = append(a.plain, false)
}

// link completes the states, the shallow ones first.
func (a *automaton) link() {
	var queue []int32
	for class := range a.width {
		if child := a.next[class]; child != 0 {
			queue = append(queue, child)
		}
	}
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		back := a.fail[state]
		a.other[state] = back
		if a.ends[back] < 0 {
			a.other[state] = a.other[back]
		}
		for class := range a.width {
			at := int(state)*a.width + class
			if child := a.next[at]; child != 0 {
				a.fail[child] = a.next[int(back)*a.width+class]
				queue = append(queue, child)
			} else {
				a.next[at] = a.next[int(back)*a.width+class]
			}
		}
	}
}

// step is the state after one more byte.
func (a *automaton) step(state int32, c byte) int32 {
	return a.next[int(state)*a.width+int(a.class[c])]
}

// found reports whether any form ends at a state.
func (a *automaton) found(state int32) bool { return a.ends[state] >= 0 || a.other[state] != 0 }

// in reports whether any form stands in a text.
func (a *automaton) in(text string) bool {
	if a.prefilter.clears(text, &a.class) {
		return false
	}
	state := int32(0)
	for i := range len(text) {
		if state = a.step(state, text[i]); state != 0 && a.found(state) {
			return true
		}
	}
	return false
}

// eachEnd gives the forms that end at a state, the longest first.
func (a *automaton) eachEnd(state int32, yield func(form int32)) {
	if a.ends[state] >= 0 {
		yield(a.ends[state])
	}
	for state = a.other[state]; state != 0; state = a.other[state] {
		yield(a.ends[state])
	}
}
