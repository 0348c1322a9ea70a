package matrix_test

import (
	"fmt"

	"xmppscope/model"
	"xmppscope/model/matrix"
	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
)

// An exploration of a server is ranked: which URLs would work, the best first.
func ExampleNew() {
	explored := modeltest.Explorations()[0]
	spec := urlspec.Parse(modeltest.WithPassword(explored.URL))

	m := matrix.New(spec, explored.Cells, explored.Login, model.TrustMozilla)
	fmt.Println(m.Sum().Text)
	for _, way := range m.Ways[:2] {
		fmt.Printf("%s: %s\n%s\n", way.Edit.Label, way.Grade, way.Edit.URL)
	}
	// Output:
	// 4 URLs would work, as far as can be told without a login
	// as it is: verified TLS, channel bound
	// xmpps://alice:••••••••@example.test/bob
	// scramplus=no: verified TLS
	// xmpps://alice:••••••••@example.test/bob?scramplus=no
}
