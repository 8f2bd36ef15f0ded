package web

import "testing"

func TestMarkup(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"plain text is escaped", `a < b & "c"`, `a &lt; b &amp; &#34;c&#34;`},
		{"bold and italic", "**very** *new* _law_", "<strong>very</strong> <em>new</em> <em>law</em>"},
		{"underscores inside a word stay", "e_name_x", "e_name_x"},
		{"a link to http", "see [here](https://example.org/?a=1&b=2)", `see <a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">here</a>`},
		{"a script link stays text", "[x](javascript:alert(1))", "[x](javascript:alert(1))"},
		{"a script link without brackets stays text", "[x](javascript:alert)", "[x](javascript:alert)"},
		{"a data link stays text", "[x](data:text/html,1)", "[x](data:text/html,1)"},
		{"tags inside bold are text", "**<script>**", "<strong>&lt;script&gt;</strong>"},
		{"an attribute cannot be closed", `[x](https://a/"onmouseover=b)`, `<a href="https://a/&#34;onmouseover=b" rel="noopener noreferrer">x</a>`},
		{"lines are kept", "a\nb", "a<br>b"},
		{"a lone star is text", "2 * 3 * 4", "2 * 3 * 4"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(markup(tt.in)); got != tt.want {
				t.Errorf("markup(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}
