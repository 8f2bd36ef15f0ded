package diff_test

import (
	"fmt"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/diff"
	"github.com/comparanda/comparanda/forms/xlsform"
)

// Two versions of a form are compared; each change tells what it means to answers.
func ExampleCompare() {
	read := func(text string) *forms.Form {
		f, problems := xlsform.Parse("house.md", []byte(text))
		if f == nil {
			fmt.Println(problems)
		}
		return f
	}
	before := read(`
| survey |
| | type    | name  | label             |
| | text    | owner | Who owns it?      |
| | integer | rooms | How many rooms?   |`)
	after := read(`
| survey |
| | type    | name  | label             | constraint |
| | integer | rooms | How many rooms?   | . < 100    |
| | text    | use   | What is it for?   |            |`)
	if before == nil || after == nil {
		return
	}
	for _, c := range diff.Compare(before, after).Changes {
		fmt.Println(c.Kind, c.OldPath+c.Path, c.Effect)
	}
	// Output:
	// removed /owner kept_apart
	// rule /rooms/rooms judged
	// added /use unanswered
}
