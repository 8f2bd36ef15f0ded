package db

import (
	"context"
	"fmt"

	"github.com/comparanda/comparanda/internal/study"
)

const (
	sqlUploadSeen = `
UPDATE import_upload
SET state = 'seen', result = ?3, mapping = ?4, failed_sha256 = ?5, failed_bytes = ?6
WHERE id = ?1 AND revision = ?2 AND state IN ('looking', 'storing')`
	sqlUploadGoing = `
UPDATE import_upload
SET rows_read = ?4, batch = ?5
WHERE id = ?1 AND revision = ?2 AND state = ?3`
	sqlUploadStored = `
UPDATE import_upload
SET state = 'stored', result = ?3
WHERE id = ?1 AND revision = ?2 AND state = 'storing'`
)

// UploadSeen keeps what was found in a file: Result, Mapping and Failed. What was found
// for an older wish is dropped.
func (tx *Tx) UploadSeen(ctx context.Context, u study.Upload) error {
	if _, err := tx.run(ctx, sqlUploadSeen, u.ID, u.Revision, u.Result, u.Mapping, u.Failed.SHA256, u.Failed.SizeBytes); err != nil {
		return fmt.Errorf("note what upload %s holds: %w", u.ID, err)
	}
	return nil
}

// UploadGoing notes how many responses of a file are read or stored, and as which batch;
// going is false when somebody wants something else by now.
func (tx *Tx) UploadGoing(ctx context.Context, u study.Upload) (going bool, err error) {
	n, err := tx.run(ctx, sqlUploadGoing, u.ID, u.Revision, u.State, u.Read, u.Batch)
	if err != nil {
		return false, fmt.Errorf("note progress of upload %s: %w", u.ID, err)
	}
	return n == 1, nil
}

// UploadStored notes that a file became its batch, and what came of its rows.
func (tx *Tx) UploadStored(ctx context.Context, u study.Upload) error {
	if _, err := tx.run(ctx, sqlUploadStored, u.ID, u.Revision, u.Result); err != nil {
		return fmt.Errorf("note batch of upload %s: %w", u.ID, err)
	}
	return nil
}
