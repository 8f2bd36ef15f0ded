package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// openPool opens a pool whose every connection has the settings of dsn, read back and
// compared: go-sqlite3 has defaults of its own, and a pragma sent later reaches one
// connection only.
func openPool(file string, o Options, readOnly bool) (*sql.DB, error) {
	want := settings(o, readOnly)
	c := &connector{dsn: dsn(file, o, readOnly)}
	c.driver.ConnectHook = func(conn *sqlite3.SQLiteConn) error {
		if _, err := conn.Exec(limitLog, nil); err != nil {
			return fmt.Errorf("limit the log: %w", err)
		}
		if o.maxPages > 0 {
			if _, err := conn.Exec(fmt.Sprintf("PRAGMA max_page_count=%d", o.maxPages), nil); err != nil {
				return fmt.Errorf("limit pages: %w", err)
			}
		}
		return checkConnection(conn, want)
	}
	return sql.OpenDB(c), nil
}

// limitLog gives the space of a log that grew under a long reader back to the disk.
const limitLog = "PRAGMA journal_size_limit=67108864"

type connector struct {
	dsn    string
	driver sqlite3.SQLiteDriver
}

// Connect implements driver.Connector.
func (c *connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }

// Driver implements driver.Connector.
func (c *connector) Driver() driver.Driver { return &c.driver }

func dsn(file string, o Options, readOnly bool) string {
	v := url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {o.synchronous}, "_foreign_keys": {"on"},
		"_busy_timeout": {"5000"}, "_txlock": {"immediate"}, "_secure_delete": {"on"}, "_cache_size": {"-16384"},
	}
	if readOnly {
		v.Set("_query_only", "1")
		v.Set("_txlock", "deferred")
	}
	return "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + v.Encode()
}

// settings are the pragmas that make the promises hold, and their values when read.
func settings(o Options, readOnly bool) map[string]string {
	want := map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1", "busy_timeout": "5000", "query_only": "0",
	}
	if o.synchronous == "NORMAL" {
		want["synchronous"] = "1"
	}
	if readOnly {
		want["query_only"] = "1"
	}
	return want
}

// oldestSQLite is the first version without the fault in which two processes that
// reset the log could damage the file (fixed March 2026).
const oldestSQLite = "3.51.3"

func checkConnection(conn *sqlite3.SQLiteConn, want map[string]string) error {
	if version, number, _ := sqlite3.Version(); number < 3_051_003 {
		return fmt.Errorf("SQLite %s is older than %s, which two processes need", version, oldestSQLite)
	}
	for pragma, value := range want {
		got, err := readPragma(conn, pragma)
		if err != nil {
			return fmt.Errorf("read pragma %s: %w", pragma, err)
		}
		if got != value {
			return fmt.Errorf("connection has %s=%s, want %s", pragma, got, value)
		}
	}
	return nil
}

func readPragma(conn *sqlite3.SQLiteConn, name string) (string, error) {
	rows, err := conn.Query("PRAGMA "+name, nil)
	if err != nil {
		return "", err
	}
	values := make([]driver.Value, len(rows.Columns()))
	err = rows.Next(values)
	if closeErr := rows.Close(); err == nil {
		err = closeErr
	}
	if errors.Is(err, io.EOF) {
		return "", errors.New("no value")
	}
	if err != nil {
		return "", err
	}
	return strings.ToLower(fmt.Sprint(values[0])), nil
}
