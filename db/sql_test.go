package db

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestStatementsKeepTheRules reads every SQL constant of the package: placeholders by
// number, columns by name, nothing that only SQLite has where another way exists. Each
// must also be understood by SQLite over the schema as it is.
func TestStatementsKeepTheRules(t *testing.T) {
	t.Parallel()
	s := open(t)
	statements := sqlConstants(t)
	if len(statements) < 100 {
		t.Fatalf("only %d statements found", len(statements))
	}
	for name, query := range statements {
		for _, rule := range forbidden {
			if found := rule.pattern.FindString(query); found != "" {
				t.Errorf("%s: %q: %s", name, found, rule.why)
			}
		}
		stmt, err := s.writer.PrepareContext(t.Context(), query)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := stmt.Close(); err != nil {
			t.Error(err)
		}
	}
}

var forbidden = []struct {
	pattern *regexp.Regexp
	why     string
}{
	{regexp.MustCompile(`(?i)SELECT\s+(\w+\.)?\*`), "name the columns: a new one must not shift a Scan"},
	{regexp.MustCompile(`\$\w`), "SQLite binds $1 by appearance, not by number"},
	{regexp.MustCompile(`\?(\D|$)`), "number the placeholder"},
	{regexp.MustCompile(`(?i)\browid\b`), "tables have keys of their own"},
	{regexp.MustCompile(`(?i)\b(INSERT|UPDATE)\s+OR\b`), "say ON CONFLICT, with the key"},
	{regexp.MustCompile(`(?i)\b(datetime|strftime|julianday|unixepoch|CURRENT_TIMESTAMP)\b`), "times are made in Go"},
	{regexp.MustCompile(`\b(select|insert|update|delete|from|where|join|values)\b`), "keywords stand in upper case"},
}

// sqlConstants returns the value of every constant named sql... and every statement in a
// list, by name.
func sqlConstants(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]ast.Expr{}
	statements := map[string]string{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				for i, name := range spec.Names {
					if i < len(spec.Values) {
						values[name.Name] = spec.Values[i]
					}
				}
			}
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text := unquote(t, lit); statement.MatchString(text) && !strings.HasPrefix(text, "\n") && !strings.HasSuffix(text, `"`) {
					statements[file+": "+text] = text
				}
			}
			return true
		})
	}
	for name, value := range values {
		if !strings.HasPrefix(name, "sql") {
			continue
		}
		if text, ok := constant(t, value, values); ok {
			statements[name] = text
		}
	}
	return statements
}

var statement = regexp.MustCompile(`^\s*(SELECT|INSERT|UPDATE|DELETE|WITH) `)

func unquote(t *testing.T, lit *ast.BasicLit) string {
	t.Helper()
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// constant evaluates literals, names and sums of them.
func constant(t *testing.T, e ast.Expr, values map[string]ast.Expr) (string, bool) {
	t.Helper()
	switch e := e.(type) {
	case *ast.BasicLit:
		return unquote(t, e), e.Kind == token.STRING
	case *ast.Ident:
		return constant(t, values[e.Name], values)
	case *ast.BinaryExpr:
		left, ok := constant(t, e.X, values)
		right, also := constant(t, e.Y, values)
		return left + right, ok && also
	}
	return "", false
}
