package message

import "testing"

func TestReplaceEmojis(t *testing.T) {
	for _, test := range [...]struct{ in, want string }{
		{"", ""},
		{"no colons", "no colons"},
		{":smile:", "😄"},
		{":SmIlE:", "😄"},
		{":+1::-1:", "👍👎"},
		{":a:b:", "🅰️b:"},
		{"::smile::", ":😄:"},
		{":nope:smile:", ":nope😄"},
		{"10:30:45", "10:30:45"},
		{":", ":"},
		{"a:b", "a:b"},
		{":smile :", ":smile :"},
		{":heart: :man_technologist: :e-mail:", "❤️ 👨\u200d💻 📧"},
		// Apprise's own choices.
		{":grinning: :grin: :telephone: :flipper: :beetle:", "😄 😃 📞 🦭 🐞"},
		{":police_officer: :information_desk_person:", "👮\u200d♂️ :information_desk_person:"},
		// Newer than its list, and no name of GitHub's.
		{":melting_face: :black_bird: :shaking_face: :flag-us:", ":melting_face: :black_bird: :shaking_face: :flag-us:"},
		// Aliases.
		{":poop::hankey::shit:", "💩💩💩"},
		{":uk: :gb: :us:", "🇬🇧 🇬🇧 🇺🇸"},
	} {
		if got := replaceEmojis(test.in); got != test.want {
			t.Errorf("%q: got %q, want %q", test.in, got, test.want)
		}
	}
}
