package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/comparanda/comparanda/internal/study"
)

const sqlItems = `
SELECT i.repeat, i.key, i.place, i.removed_at
FROM item AS i
JOIN response AS s ON s.seq = i.response
WHERE s.id = ?1 AND (?2 OR i.removed_at = 0)
ORDER BY i.repeat, i.place, i.key`

// Items lists the repeat items of a response in their order, removed ones on demand.
func (r *Reader) Items(ctx context.Context, id study.ResponseID, withRemoved bool) ([]study.Item, error) {
	return collect(ctx, r, "items", func(rows *sql.Rows) (i study.Item, err error) {
		var removed int64
		err = rows.Scan(&i.Repeat, &i.Key, &i.Order, &removed)
		i.RemovedAt = moment(removed)
		return i, err
	}, sqlItems, id, withRemoved)
}

const (
	sqlItemOfRequest = `
SELECT key
FROM item
WHERE response = ?1 AND request = ?2`
	sqlPutItem = `
INSERT INTO item (response, repeat, key, place, request, removed_at)
VALUES (?1, ?2, ?3, (SELECT coalesce(max(place), 0) + 1 FROM item WHERE response = ?1 AND repeat = ?2), ?4, 0)
ON CONFLICT (response, repeat, key) DO NOTHING`
)

// AddItem adds an item at the end of a repeat and returns its key. The same request
// again (a double click) is the same item; "" for request always adds.
func (tx *Tx) AddItem(ctx context.Context, id study.ResponseID, repeat, key, request string) (string, error) {
	seq, state, err := tx.seq(ctx, id)
	if err != nil {
		return "", err
	}
	if !Editable(state) {
		return "", &study.Problem{Kind: study.Conflict, Key: "response.not_editable", Args: map[string]any{"state": string(state)}}
	}
	if request != "" {
		var old string
		err := tx.q.row(ctx, sqlItemOfRequest, seq, request).Scan(&old)
		if err == nil {
			return old, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return "", fmt.Errorf("read item: %w", err)
		}
	}
	if _, err := tx.run(ctx, sqlPutItem, seq, repeat, key, request); err != nil {
		return "", fmt.Errorf("add item to %s: %w", repeat, err)
	}
	return key, tx.touch(ctx, seq)
}

const sqlSetItemRemoved = `
UPDATE item
SET removed_at = ?4
WHERE response = ?1 AND repeat = ?2 AND key = ?3`

func (tx *Tx) setItemRemoved(ctx context.Context, id study.ResponseID, repeat, key string, at int64) error {
	seq, state, err := tx.seq(ctx, id)
	if err != nil {
		return err
	}
	if !Editable(state) {
		return &study.Problem{Kind: study.Conflict, Key: "response.not_editable", Args: map[string]any{"state": string(state)}}
	}
	n, err := tx.run(ctx, sqlSetItemRemoved, seq, repeat, key, at)
	if err != nil {
		return fmt.Errorf("remove item %s[%s]: %w", repeat, key, err)
	}
	if n == 0 {
		return unknown("item", key)
	}
	return tx.touch(ctx, seq)
}

// RemoveItem takes an item out; its answers stay and RestoreItem brings them back.
func (tx *Tx) RemoveItem(ctx context.Context, id study.ResponseID, repeat, key string) error {
	return tx.setItemRemoved(ctx, id, repeat, key, millis(tx.now))
}

// RestoreItem undoes RemoveItem.
func (tx *Tx) RestoreItem(ctx context.Context, id study.ResponseID, repeat, key string) error {
	return tx.setItemRemoved(ctx, id, repeat, key, 0)
}

const sqlSetItemPlace = `
UPDATE item
SET place = ?4
WHERE response = ?1 AND repeat = ?2 AND key = ?3`

// MoveItem moves an item one place up (by -1) or down (by +1) among those present.
func (tx *Tx) MoveItem(ctx context.Context, id study.ResponseID, repeat, key string, by int) error {
	seq, state, err := tx.seq(ctx, id)
	if err != nil {
		return err
	}
	if !Editable(state) {
		return &study.Problem{Kind: study.Conflict, Key: "response.not_editable", Args: map[string]any{"state": string(state)}}
	}
	all, err := tx.Items(ctx, id, false)
	if err != nil {
		return err
	}
	var items []study.Item
	at := -1
	for _, i := range all {
		if i.Repeat != repeat {
			continue
		}
		if i.Key == key {
			at = len(items)
		}
		items = append(items, i)
	}
	if at < 0 {
		return unknown("item", key)
	}
	to := at + by
	if to < 0 || to >= len(items) {
		return nil // at the end already
	}
	items[at], items[to] = items[to], items[at]
	for n, i := range items {
		if _, err := tx.run(ctx, sqlSetItemPlace, seq, repeat, i.Key, n+1); err != nil {
			return fmt.Errorf("move item %s[%s]: %w", repeat, key, err)
		}
	}
	return tx.touch(ctx, seq)
}
