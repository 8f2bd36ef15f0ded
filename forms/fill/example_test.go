package fill_test

import (
	"fmt"

	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/xlsform"
)

// A form is compiled once; each response is an instance that is told what changes and
// asked what holds.
func Example() {
	form, problems := xlsform.Parse("visit.md", []byte(`
| survey |
| | type    | name | label               | relevant    | constraint |
| | integer | age  | How old are you?    |             | . < 120    |
| | text    | work | What is your work?  | ${age} > 17 |            |`))
	if form == nil {
		fmt.Println(problems)
		return
	}
	plan, problems := fill.Compile(form)
	if plan == nil {
		fmt.Println(problems)
		return
	}
	in := plan.New(fill.Env{})
	for _, age := range []string{"30", "130", "12"} {
		if err := in.Set("/age", age); err != nil {
			fmt.Println(err)
			return
		}
		for _, path := range in.Changed() {
			st, _ := in.State(path)
			wrong := ""
			if st.Problem != nil {
				wrong = ", but " + st.Problem.Key
			}
			fmt.Printf("age=%s: %s relevant=%t%s\n", age, path, st.Relevant, wrong)
		}
	}
	// Output:
	// age=30: /age relevant=true
	// age=30: /work relevant=true
	// age=130: /age relevant=true, but constraint
	// age=12: /age relevant=true
	// age=12: /work relevant=false
}
