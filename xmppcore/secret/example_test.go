package secret_test

import (
	"fmt"

	"xmppscope/xmppcore/secret"
)

func ExampleFinder() {
	finder := secret.NewFinder([]string{"Zq7xKv2mPw9L"}, nil)
	fmt.Println(finder.In("wrong password: ZQ7XKV2MPW9L"))
	fmt.Println(finder.Partly("the password was Zq7xKv"))
	fmt.Println(finder.Strike("there is no host called zq7xkv2mpw9l", "…"))
	// Output:
	// true
	// true
	// there is no host called …
}
