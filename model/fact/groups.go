package fact

import (
	"slices"
	"strings"
)

// Groups joins things of which the same is to be said, in the order in which
// they came.
type Groups []Group

// Group is a text and the things that it is said of.
type Group struct {
	Text   string
	things []string
}

// Add adds a thing to the group of a text.
func (g *Groups) Add(text, thing string) {
	i := slices.IndexFunc(*g, func(known Group) bool { return known.Text == text })
	if i < 0 {
		i = len(*g)
		*g = append(*g, Group{Text: text})
	}
	(*g)[i].things = append((*g)[i].things, thing)
}

// Names lists the things of a group.
func (g Group) Names() string { return strings.Join(g.things, ", ") }
