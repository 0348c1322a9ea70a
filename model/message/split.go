package message

// Apprise's smart_split, on code points. Each window of the limit's size is
// cut after its last line end, else after its last blank, else after the last
// sentence mark that white space follows, else at its end. The work is linear:
// a cut early in a window means that nothing better stood in the rest of it, so
// every rune is looked at a fixed number of times.

// entityReach is how far around a cut Apprise looks for an HTML entity; the
// longest, &CounterClockwiseContourIntegral;, has as many characters.
const entityReach = 33

// smartSplit cuts text into pieces of at most limit code points. The pieces
// together are the text; none is empty.
func smartSplit(text []rune, limit int, format string) [][]rune {
	var out [][]rune
	for start := 0; start < len(text); {
		if len(text)-start <= limit {
			return append(out, text[start:])
		}
		end := start + limit
		cut := softCut(text, start, end)
		moved := cut
		switch format {
		case formatHTML:
			moved = outsideTag(text, start, beforeEntity(text, start, cut), end)
		case formatMarkdown:
			moved = beforeLink(text, start, beforeEntity(text, start, cut))
			if backslashesBefore(text, start, moved)%2 == 1 {
				moved-- // keep an escape with the character it escapes
			}
		}
		if moved > start {
			cut = moved
		}
		out = append(out, text[start:cut])
		start = cut
	}
	return out
}

// softCut is where the window text[start:end] is best cut: behind its first
// visible character in any case, so that no piece is empty.
func softCut(text []rune, start, end int) int {
	for start < end && isPythonSpace(text[start]) {
		start++
	}
	blank, mark := -1, -1
	spaceEnd := -1 // end of the white space that is being walked over
	for i := end - 1; i >= start; i-- {
		switch r := text[i]; r {
		case '\n', '\r':
			return i + 1
		case ' ', '\t':
			blank = max(blank, i+1)
			spaceEnd = max(spaceEnd, i+1)
		case '\v', '\f':
			spaceEnd = max(spaceEnd, i+1)
		default:
			if spaceEnd > i && isSentenceMark(r) {
				mark = max(mark, spaceEnd)
			}
			spaceEnd = -1
		}
	}
	switch {
	case blank >= 0:
		return blank
	case mark >= 0:
		return mark
	}
	return end
}

func isSentenceMark(r rune) bool {
	switch r {
	case '.', '!', '?', ':', ';':
		return true
	}
	return false
}

// beforeEntity moves a cut inside an entity such as &nbsp; before its "&".
func beforeEntity(text []rune, start, cut int) int {
	if cut <= start {
		return cut
	}
	amp := lastRune(text, '&', max(start, cut-entityReach), cut)
	if amp <= start {
		return cut
	}
	if firstRune(text, ';', amp, min(len(text), cut+entityReach)) >= cut {
		return amp
	}
	return cut
}

// outsideTag moves a cut inside a tag before its "<", so that the tag goes to the
// next piece whole. A tag that opens the piece is cut after its ">", if that
// still is in the window, which ends at end.
func outsideTag(text []rune, start, cut, end int) int {
	for open := firstRune(text, '<', start, cut); open >= 0; {
		after := tagEnd(text[:end], open)
		switch {
		case after >= 0 && after <= cut:
			open = firstRune(text, '<', after, cut)
			continue
		case open > start:
			return open
		case after >= 0:
			return after
		}
		break
	}
	return cut
}

// tagEnd is where the tag at open ends, after its ">"; one inside quotes does
// not end it. It is -1 when the text ends first.
func tagEnd(text []rune, open int) int {
	for i := open + 1; i < len(text); i++ {
		switch text[i] {
		case '>':
			return i + 1
		case '"', '\'':
			closing := firstRune(text, text[i], i+1, len(text))
			if closing < 0 {
				return -1
			}
			i = closing
		}
	}
	return -1
}

// beforeLink moves a cut inside [label](url), ![alt](url) or <url|label> before
// its opening character. It looks back over the window and as far ahead, no
// further, so that many unclosed brackets do not cost more.
func beforeLink(text []rune, start, cut int) int {
	if cut <= start {
		return cut
	}
	ahead := min(len(text), cut+(cut-start)+1)
	if open := lastRune(text, '[', start, cut); open >= 0 {
		if firstRune(text, ')', open, ahead) > cut {
			return open
		}
	} else if bang := cut - 1; text[bang] == '!' && cut < len(text) && text[cut] == '[' {
		if firstRune(text, ')', bang, ahead) > cut {
			return bang
		}
	}
	open := lastRune(text, '<', start, cut)
	if open < 0 {
		return cut
	}
	pipe := firstRune(text, '|', open+1, ahead)
	if pipe >= 0 && firstRune(text, '>', pipe, ahead) >= cut {
		return open
	}
	return cut
}

// backslashesBefore counts the backslashes that end text[start:cut].
func backslashesBefore(text []rune, start, cut int) int {
	n := 0
	for cut-n > start && text[cut-n-1] == '\\' {
		n++
	}
	return n
}

// lastRune and firstRune give the index of r in text[from:to], or -1.
func lastRune(text []rune, r rune, from, to int) int {
	for i := to - 1; i >= from; i-- {
		if text[i] == r {
			return i
		}
	}
	return -1
}

func firstRune(text []rune, r rune, from, to int) int {
	for i := from; i < to; i++ {
		if text[i] == r {
			return i
		}
	}
	return -1
}
