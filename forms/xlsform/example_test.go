package xlsform_test

import (
	"fmt"

	"github.com/comparanda/comparanda/forms/xlsform"
)

// A form with a fault is nil; the problems say where to mend it.
func ExampleParse() {
	form, problems := xlsform.Parse("visit.csv", []byte("survey\n,type,name,label\n,integre,age,Age\n"))
	fmt.Println(form == nil, problems[0].Place)
	// Output: true visit.csv:survey:2:type
}

// Any table can be read, not only a form's.
func ExampleParseSheets() {
	sheets, _ := xlsform.ParseSheets("towns.csv", []byte("towns\n,name,people\n,Lima,10\n"))
	for _, r := range sheets[0].Records() {
		fmt.Println(r.Fields["name"], r.Fields["people"])
	}
	// Output: Lima 10
}
