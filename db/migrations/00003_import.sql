-- +goose Up
CREATE TABLE import_batch (
	seq          INTEGER PRIMARY KEY,
	id           TEXT NOT NULL UNIQUE,
	name         TEXT NOT NULL,
	form_id      TEXT NOT NULL,
	form_version INTEGER NOT NULL,
	kind         TEXT NOT NULL,
	options      TEXT NOT NULL,
	state        TEXT NOT NULL CHECK (state IN ('running', 'done', 'undone')),
	done_rows    INTEGER NOT NULL,
	counts       TEXT NOT NULL,
	person_id    TEXT NOT NULL,
	created_at   INTEGER NOT NULL,
	done_at      INTEGER NOT NULL,
	FOREIGN KEY (form_id, form_version) REFERENCES form_version (form_id, version)
) STRICT;

CREATE TABLE import_file (
	batch      INTEGER NOT NULL REFERENCES import_batch (seq),
	place      INTEGER NOT NULL,
	name       TEXT NOT NULL,
	sha256     TEXT NOT NULL,
	size_bytes INTEGER NOT NULL,
	PRIMARY KEY (batch, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_row (
	batch        INTEGER NOT NULL REFERENCES import_batch (seq),
	number       INTEGER NOT NULL,
	submission   INTEGER NOT NULL REFERENCES submission (seq),
	place        TEXT NOT NULL,
	submitter    TEXT NOT NULL,
	submitted_at INTEGER NOT NULL,
	PRIMARY KEY (batch, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX import_row_submission ON import_row (submission);

CREATE TABLE import_upload (
	id         TEXT PRIMARY KEY,
	name       TEXT NOT NULL,
	sha256     TEXT NOT NULL,
	size_bytes INTEGER NOT NULL,
	form_id    TEXT NOT NULL,
	country    TEXT NOT NULL,
	round      TEXT NOT NULL,
	take_sound INTEGER NOT NULL,
	state      TEXT NOT NULL CHECK (state IN ('looking', 'seen', 'storing', 'stored')),
	result     TEXT NOT NULL,
	batch      TEXT NOT NULL,
	person_id  TEXT NOT NULL,
	created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
