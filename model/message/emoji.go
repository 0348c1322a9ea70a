package message

import (
	"strings"

	"github.com/yuin/goldmark-emoji/definition"
)

// Apprise's table of :name: codes is GitHub's list of 2021 (Emoji 13.1) with
// some entries of its own. Here it is GitHub's list as goldmark-emoji carries
// it, without what is newer, and with those entries.

// longestEmojiName bounds the look-up; GitHub's longest name has 40 letters.
const longestEmojiName = 48

// ownEmojis are the names that give another character in Apprise than on
// GitHub.
var ownEmojis = map[string]string{
	"grinning":               "😄",
	"grin":                   "😃",
	"fist_raised":            "👊",
	"police_officer":         "👮\u200d♂️",
	"flipper":                "🦭",
	"honeybee":               "🪲",
	"beetle":                 "🐞",
	"telephone":              "📞",
	"red_car":                "🚘",
	"waxing_gibbous_moon":    "🌕",
	"blond_woman":            "👱\u200d♀️",
	"information_deskperson": "💁",
}

// foreignEmojis are names of GitHub's that Apprise does not know. The black bird
// is newer than its list, though made of older characters.
var foreignEmojis = map[string]bool{
	"black_bird":              true,
	"blonde_woman":            true,
	"information_desk_person": true,
}

// replaceEmojis puts in the emoji for every known :name:, in any case. It reads
// from left to right, and a colon that closes one code opens no other.
func replaceEmojis(s string) string {
	var out strings.Builder
	for {
		open := strings.IndexByte(s, ':')
		if open < 0 {
			break
		}
		size := strings.IndexByte(s[open+1:], ':')
		if size < 0 {
			break
		}
		end := open + 1 + size
		if emoji, ok := emojiNamed(s[open+1 : end]); ok {
			out.WriteString(s[:open])
			out.WriteString(emoji)
			s = s[end+1:]
			continue
		}
		out.WriteString(s[:end]) // the second colon may open a code
		s = s[end:]
	}
	out.WriteString(s)
	return out.String()
}

// emojiNamed looks a name up, in any case.
func emojiNamed(name string) (string, bool) {
	if name == "" || len(name) > longestEmojiName {
		return "", false
	}
	name = strings.ToLower(name)
	if own, ok := ownEmojis[name]; ok {
		return own, true
	}
	if foreignEmojis[name] {
		return "", false
	}
	known, ok := definition.Github().Get(name)
	if !ok || !known.IsUnicode() || newerEmoji(known.Unicode) {
		return "", false
	}
	return string(known.Unicode), true
}

// newerEmoji says whether an emoji came after Emoji 13.1, Apprise's list.
func newerEmoji(runes []rune) bool {
	for _, r := range runes {
		for _, span := range emojisSince14 {
			if r >= span[0] && r <= span[1] {
				return true
			}
		}
	}
	return false
}

// emojisSince14 are the code points that Emoji 14 and 15 added.
var emojisSince14 = [...][2]rune{
	{0x1f6dc, 0x1f6df}, {0x1f7f0, 0x1f7f0}, {0x1f979, 0x1f979}, {0x1f9cc, 0x1f9cc},
	{0x1fa75, 0x1fa77}, {0x1fa7b, 0x1fa7c}, {0x1fa87, 0x1fa88}, {0x1faa9, 0x1faaf},
	{0x1fab7, 0x1fabf}, {0x1fac3, 0x1fac5}, {0x1face, 0x1facf}, {0x1fad7, 0x1fadb},
	{0x1fae0, 0x1fae8}, {0x1faf0, 0x1faf8},
}
