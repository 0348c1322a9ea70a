package document_test

import (
	"fmt"

	"xmppscope/urlspec/document"
)

func Example() {
	file := []byte("env:\n  URL: \"xmpps://alice:p@ss@example.com/${ROOM}\"\n")
	d, err := document.Read("values.yml", file)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range d.Problems(false) {
		fmt.Println(p.Line, p.Column, p.Code, p.URL)
	}
	fmt.Printf("%s", d.Fix().Data)
	// Output:
	// 2 24 password-at xmpps://alice:••••••••@example.com/${ROOM}
	// env:
	//   URL: "xmpps://alice:p%40ss@example.com/${ROOM}"
}
