package message

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// source is what the program text says to authors.
type source struct {
	fset    *token.FileSet
	formats map[string]string // English format → a place that says it
	faults  []string          // calls whose format cannot be read off
}

// speakers are the functions of a package that make a sentence: by name, which argument
// is its English format.
type speakers map[string]int

// readSource finds every format that can reach an author. A sentence is made by New, or
// by a function whose last parameters are "format string, args ...any"; it is read where
// that is called.
func readSource(t *testing.T) *source {
	t.Helper()
	s := &source{fset: token.NewFileSet(), formats: map[string]string{}}
	for _, dir := range sourceFolders(t) {
		var files []*ast.File
		names, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(s.fset, name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		s.readPackage(files)
	}
	return s
}

// sourceFolders are those of the forms and of the commands that read them.
func sourceFolders(t *testing.T) []string {
	t.Helper()
	folders := []string{"../../cmd/comparanda"}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() != "message" {
			folders = append(folders, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return folders
}

func (s *source) readPackage(files []*ast.File) {
	known := speakers{}
	for _, f := range files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				known.add(fn.Name.Name, fn.Type)
			}
		}
	}
	for _, f := range files {
		for _, d := range f.Decls {
			s.readDecl(known, d)
		}
	}
}

func (s *source) readDecl(known speakers, d ast.Decl) {
	local := speakers{} // functions that the declaration makes for itself
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if fn, ok := n.Rhs[0].(*ast.FuncLit); ok {
				if name, ok := n.Lhs[0].(*ast.Ident); ok {
					delete(local, name.Name) // of an earlier block
					local.add(name.Name, fn.Type)
				}
			}
		case *ast.CallExpr:
			if at, ok := formatOf(known, local, n); ok {
				s.readCall(n, at)
			}
		case *ast.CompositeLit:
			s.readProblem(n)
		}
		return true
	})
}

// add notes a function whose last parameters are "format string, args ...any".
func (k speakers) add(name string, fn *ast.FuncType) {
	var params []string
	for _, field := range fn.Params.List {
		for _, p := range field.Names {
			params = append(params, p.Name)
		}
	}
	if n := len(params); n >= 2 && params[n-2] == "format" && params[n-1] == "args" {
		k[name] = n - 2
	}
}

func formatOf(known, local speakers, call *ast.CallExpr) (at int, ok bool) {
	switch fn := call.Fun.(type) {
	case *ast.Ident:
		if at, ok = local[fn.Name]; !ok {
			at, ok = known[fn.Name]
		}
	case *ast.SelectorExpr:
		if x, isName := fn.X.(*ast.Ident); isName && x.Name == "message" {
			return 0, fn.Sel.Name == "New"
		}
		at, ok = known[fn.Sel.Name]
	}
	return at, ok
}

func (s *source) readCall(call *ast.CallExpr, at int) {
	place := s.fset.Position(call.Pos()).String()
	if call.Ellipsis.IsValid() {
		return // hands on what its own callers say
	}
	lit, ok := call.Args[at].(*ast.BasicLit)
	if !ok {
		s.faults = append(s.faults, place+": the format is not written out")
		return
	}
	format, err := strconv.Unquote(lit.Value)
	if err != nil || len(verbsOf(format)) != len(call.Args)-at-1 {
		s.faults = append(s.faults, place+": the format and its arguments do not go together")
		return
	}
	s.formats[format] = place
}

// readProblem finds problems with a text that nobody can translate.
func (s *source) readProblem(lit *ast.CompositeLit) {
	if name, ok := lit.Type.(*ast.SelectorExpr); !ok || name.Sel.Name != "Problem" {
		return
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok && key.Name == "Text" {
				s.faults = append(s.faults, s.fset.Position(lit.Pos()).String()+": a problem has a Text; use Saying")
			}
		}
	}
}
