-- +goose Up
ALTER TABLE import_batch ADD COLUMN stays TEXT NOT NULL DEFAULT '[]';

ALTER TABLE import_row ADD COLUMN personal TEXT NOT NULL DEFAULT '';

CREATE TABLE import_upload_next (
	id            TEXT PRIMARY KEY,
	name          TEXT NOT NULL,
	sha256        TEXT NOT NULL,
	size_bytes    INTEGER NOT NULL,
	form_id       TEXT NOT NULL,
	country       TEXT NOT NULL,
	round         TEXT NOT NULL,
	lang          TEXT NOT NULL,
	mapping       TEXT NOT NULL,
	decided       INTEGER NOT NULL,
	take_sound    INTEGER NOT NULL,
	blank_clears  INTEGER NOT NULL,
	state         TEXT NOT NULL CHECK (state IN ('looking', 'seen', 'storing', 'paused', 'cancelling', 'stored')),
	revision      INTEGER NOT NULL,
	rows_read     INTEGER NOT NULL,
	result        TEXT NOT NULL,
	failed_sha256 TEXT NOT NULL,
	failed_bytes  INTEGER NOT NULL,
	batch         TEXT NOT NULL,
	person_id     TEXT NOT NULL,
	created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO import_upload_next
SELECT id, name, sha256, size_bytes, form_id, country, round, '', '', 0, take_sound, 0, state, 0, 0, result, '', 0, batch, person_id, created_at
FROM import_upload;

DROP TABLE import_upload;

ALTER TABLE import_upload_next RENAME TO import_upload;
