// Package urlview lays out an Apprise URL for a screen of fixed columns: what is
// shown for each of its bytes, what each of its parts is called, and where a
// problem is pointed to. The terminal screen and the printed lines both draw
// from it, each with colours of its own, so that a person sees the same URL in
// both.
//
// [New] turns a [urlspec.Spec] into a [View]. Its cells stand for all bytes of
// the URL, in order. A cell is one character as a person sees it (a grapheme
// cluster), or the escape of one that a terminal must not get, such as \u202e;
// [Character] has the rule. A password is eight bullets, whatever its length,
// unless [Secrecy] asks for more. Nothing else that a View gives, neither a
// label nor the place of a pointer, says more of it than that it is there.
//
// [View.Rows] breaks the cells into rows of a width. Of a row, [View.Runs] gives
// the texts that look alike with the kind of each, [View.Labels] and
// [View.LabelLine] the names of the parts below it, and [View.Pointer] the
// squiggle below a problem. [View.Around] cuts a row out around a problem
// instead, for a message that quotes it. [View.Place] and [View.Offset] lead
// from a byte to its row and column and back, for a cursor and a mouse.
//
// Offsets are bytes of the URL, columns are cells of the terminal from 0 at the
// left. The package is pure and knows no colours. Laying out takes time linear
// in the length of the URL, and drawing a row takes time linear in its width.
//
// Reading order: view.go, secrecy.go, character.go and parts.go (what a URL is
// laid out in), rows.go, runs.go, labels.go and pointer.go (what is drawn of it).
package urlview
