package xform_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/xform"
	"github.com/comparanda/comparanda/forms/xlsform"
)

const visit = `
| survey | type | name | label |
|        | text | place | Place |
|        | integer | people | People |
`

// A form becomes an ODK XForm; the problems are for its author.
func ExampleWrite() {
	f, _ := xlsform.Parse("visit.md", []byte(visit))
	var out strings.Builder
	problems, err := xform.Write(&out, f, xform.Options{})
	fmt.Println(len(problems), err)
	for line := range strings.Lines(out.String()) {
		if strings.Contains(line, "<bind nodeset=\"/data/p") {
			fmt.Println(strings.TrimSpace(line))
		}
	}
	// Output:
	// 0 <nil>
	// <bind nodeset="/data/place" type="string"/>
	// <bind nodeset="/data/people" type="int"/>
}

// A response becomes a submission as clients send it, and comes back from one.
func ExampleWriteSubmission() {
	f, _ := xlsform.Parse("visit.md", []byte(visit))
	plan, _ := fill.Compile(f)
	in := plan.New(fill.Env{})
	for path, value := range map[string]string{"/place": "Lima", "/people": "12"} {
		if err := in.Set(path, value); err != nil {
			fmt.Println(err)
		}
	}
	var answers []xform.Answer
	for _, a := range in.Entries() {
		answers = append(answers, xform.Answer{Path: a.Path, Value: a.Value})
	}
	s := xform.Submission{InstanceID: "uuid:1", Answers: answers}
	if err := xform.WriteSubmission(os.Stdout, f, s, xform.Options{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// <?xml version="1.0" encoding="utf-8"?>
	// <data id="visit" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms">
	//   <place>Lima</place>
	//   <people>12</people>
	//   <meta>
	//     <instanceID>uuid:1</instanceID>
	//   </meta>
	// </data>
}
