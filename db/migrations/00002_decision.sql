-- +goose Up
CREATE TABLE decision (
	id         INTEGER PRIMARY KEY,
	kind       TEXT NOT NULL,
	country    TEXT NOT NULL,
	lang       TEXT NOT NULL,
	text       TEXT NOT NULL,
	code       TEXT NOT NULL,
	reason     TEXT NOT NULL,
	person_id  TEXT NOT NULL,
	at         INTEGER NOT NULL,
	undone_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX decision_holds ON decision (kind, country, lang, text) WHERE undone_at = 0;
