package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
)

// The table is in a file of its own, so its statements are none of the schema's.
const (
	plainTable = `
CREATE TABLE value (
	response INTEGER NOT NULL,
	question INTEGER NOT NULL,
	value    TEXT NOT NULL
) STRICT`
	plainInsert = `
INSERT INTO value (response, question, value)
VALUES (?1, ?2, ?3)`
)

// Plain is the least that storing values can cost: prepared inserts into one table without
// an index, 500 responses a transaction. Measurements compare an import with it.
type Plain struct {
	pool      *sql.DB
	tx        *sql.Tx
	insert    *sql.Stmt
	responses int64
}

// OpenPlain makes the table in a new file of a folder.
func OpenPlain(ctx context.Context, dir string) (*Plain, error) {
	pool, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "plain.db")+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
	if err != nil {
		return nil, fmt.Errorf("open plain table: %w", err)
	}
	pool.SetMaxOpenConns(1)
	if _, err := pool.ExecContext(ctx, plainTable); err != nil {
		return nil, errors.Join(fmt.Errorf("make plain table: %w", err), pool.Close())
	}
	return &Plain{pool: pool}, nil
}

// Response begins the next response.
func (p *Plain) Response(ctx context.Context) (err error) {
	const atOnce = 500
	if p.responses%atOnce == 0 {
		if err := p.commit(); err != nil {
			return err
		}
		if p.tx, err = p.pool.BeginTx(ctx, nil); err != nil {
			return err
		}
		if p.insert, err = p.tx.PrepareContext(ctx, plainInsert); err != nil {
			return err
		}
	}
	p.responses++
	return nil
}

// Value stores one value of the response.
func (p *Plain) Value(ctx context.Context, question int, text string) error {
	_, err := p.insert.ExecContext(ctx, p.responses, question, text)
	return err
}

func (p *Plain) commit() error {
	if p.tx == nil {
		return nil
	}
	return p.tx.Commit()
}

// Close commits what is open.
func (p *Plain) Close() error { return errors.Join(p.commit(), p.pool.Close()) }
