package db_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/db/dbtest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	dbtest.Exercise(t, func(t testing.TB, clock *dbtest.Clock) *db.Store {
		return dbtest.OpenStore(t, t.TempDir(), db.Options{Now: clock.Now})
	})
}

// TestExerciseIsComplete fails for a method of Reader or Tx that Exercise never calls.
func TestExerciseIsComplete(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("dbtest/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var suite strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		suite.Write(text)
	}
	for _, door := range []any{&db.Reader{}, &db.Tx{}} {
		for method := range reflect.TypeOf(door).Methods() {
			if !strings.Contains(suite.String(), "."+method.Name+"(") {
				t.Errorf("dbtest never calls %T.%s", door, method.Name)
			}
		}
	}
}
