package secret

// prefilter says of most texts, without a look at most of their bytes, that no
// form stands in them (Wu and Manber, 1994): two bytes that stand in no form, or
// only at its beginning, tell how far the next one must be. What it does not
// clear goes to the automaton.
type prefilter struct {
	// least is the length of the shortest form. Of the others, only so much
	// counts here.
	least int
	shift [slots]uint8
	// ends are the last four bytes of the forms so cut, grams all four bytes in a
	// row of the forms as they are.
	ends, grams [slots]bool
}

// slots is how many values the hashes have.
const slots = 1 << 12

func (p *prefilter) learn(forms []form, class *[256]uint8) {
	p.least = longest
	for _, f := range forms {
		p.least = min(p.least, len(f.text))
	}
	for i := range p.shift {
		p.shift[i] = uint8(p.least - 1)
	}
	for _, f := range forms {
		for i := 1; i < p.least; i++ {
			h := pair(class, f.text[i-1], f.text[i])
			p.shift[h] = min(p.shift[h], uint8(p.least-1-i))
		}
		p.ends[gram(class, f.text[p.least-Shortest:])] = true
		for i := range len(f.text) - Shortest + 1 {
			p.grams[gram(class, f.text[i:])] = true
		}
	}
}

// clears reports whether no form can stand in a text.
func (p *prefilter) clears(text string, class *[256]uint8) bool {
	for i := p.least - 1; i < len(text); {
		shift := int(p.shift[pair(class, text[i-1], text[i])])
		if shift == 0 {
			if p.ends[gram(class, text[i+1-Shortest:])] {
				return false
			}
			shift = 1
		}
		i += shift
	}
	return true
}

// pair and gram are hashes of the first two bytes and of the first four.
func pair(class *[256]uint8, a, b byte) uint {
	return (uint(class[a])*67 + uint(class[b])) % slots
}

func gram(class *[256]uint8, text string) uint {
	return (((uint(class[text[0]])*67+uint(class[text[1]]))*67+uint(class[text[2]]))*67 + uint(class[text[3]])) % slots
}
