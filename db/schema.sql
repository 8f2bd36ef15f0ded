-- What the migrations make. Written by: go test ./db -run Schema -write

CREATE TABLE answer (
	submission INTEGER NOT NULL REFERENCES submission (seq),
	question   INTEGER NOT NULL REFERENCES question (id),
	occurrence INTEGER NOT NULL,
	ordinal    INTEGER NOT NULL,
	path       TEXT NOT NULL,
	item       TEXT NOT NULL,
	raw        TEXT NOT NULL,
	kind       TEXT NOT NULL,
	text       TEXT NOT NULL,
	number     REAL,
	date       TEXT NOT NULL,
	reason     TEXT NOT NULL,
	not_asked  INTEGER NOT NULL,
	qualifier  TEXT NOT NULL,
	note       TEXT NOT NULL,
	flags      TEXT NOT NULL,
	rule       TEXT NOT NULL,
	version    INTEGER NOT NULL,
	PRIMARY KEY (submission, question, occurrence)
) STRICT, WITHOUT ROWID;

CREATE INDEX answer_decided ON answer (rule) WHERE rule >= 'decision:' AND rule < 'decision;';

CREATE INDEX answer_doubt ON answer (submission, question, occurrence) WHERE instr(flags, '"REVIEW"') > 0;

CREATE TABLE attachment (
	id         TEXT PRIMARY KEY,
	response   INTEGER NOT NULL REFERENCES response (seq),
	path       TEXT NOT NULL,
	name       TEXT NOT NULL,
	type       TEXT NOT NULL,
	size_bytes INTEGER NOT NULL,
	sha256     TEXT NOT NULL,
	person_id  TEXT NOT NULL,
	at         INTEGER NOT NULL,
	removed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX attachment_response ON attachment (response);

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

CREATE TABLE draft (
	response  INTEGER NOT NULL REFERENCES response (seq),
	path      TEXT NOT NULL,
	version   INTEGER NOT NULL,
	value     TEXT NOT NULL,
	reason    TEXT NOT NULL,
	note      TEXT NOT NULL,
	person_id TEXT NOT NULL,
	channel   TEXT NOT NULL,
	at        INTEGER NOT NULL,
	PRIMARY KEY (response, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
	id        INTEGER PRIMARY KEY,
	response  INTEGER NOT NULL REFERENCES response (seq),
	was       TEXT NOT NULL,
	became    TEXT NOT NULL,
	person_id TEXT NOT NULL,
	reason    TEXT NOT NULL,
	at        INTEGER NOT NULL
) STRICT;

CREATE INDEX event_response ON event (response);

CREATE TABLE form_version (
	form_id     TEXT NOT NULL,
	version     INTEGER NOT NULL,
	hash        TEXT NOT NULL,
	content     BLOB NOT NULL,
	source      BLOB NOT NULL,
	source_name TEXT NOT NULL,
	created_at  INTEGER NOT NULL,
	PRIMARY KEY (form_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);

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
	done_at      INTEGER NOT NULL, stays TEXT NOT NULL DEFAULT '[]',
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
	submitted_at INTEGER NOT NULL, personal TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (batch, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX import_row_submission ON import_row (submission);

CREATE TABLE "import_upload" (
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

CREATE TABLE item (
	response   INTEGER NOT NULL REFERENCES response (seq),
	repeat     TEXT NOT NULL,
	key        TEXT NOT NULL,
	place      INTEGER NOT NULL,
	request    TEXT NOT NULL,
	removed_at INTEGER NOT NULL,
	PRIMARY KEY (response, repeat, key)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX item_request ON item (response, request) WHERE request <> '';

CREATE TABLE kept (
	person_id  TEXT NOT NULL REFERENCES person (id),
	key        TEXT NOT NULL,
	body       BLOB NOT NULL,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (person_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE lease (
	name  TEXT PRIMARY KEY,
	owner TEXT NOT NULL,
	until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE link (
	token_hash TEXT PRIMARY KEY,
	person_id  TEXT NOT NULL REFERENCES person (id),
	purpose    TEXT NOT NULL,
	expires_at INTEGER NOT NULL,
	used_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX link_person ON link (person_id);

CREATE TABLE log (
	id        INTEGER PRIMARY KEY,
	at        INTEGER NOT NULL,
	person_id TEXT NOT NULL,
	action    TEXT NOT NULL,
	subject   TEXT NOT NULL,
	detail    TEXT NOT NULL
) STRICT;

CREATE TABLE meta (
	key   TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
	id           TEXT PRIMARY KEY,
	name         TEXT NOT NULL,
	email        TEXT NOT NULL,
	role         TEXT NOT NULL CHECK (role IN ('administrator', 'researcher', 'focal_point', 'contributor')),
	country      TEXT NOT NULL,
	language     TEXT NOT NULL,
	example      INTEGER NOT NULL,
	created_at   INTEGER NOT NULL,
	revoked_at   INTEGER NOT NULL,
	last_seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX person_email ON person (email) WHERE email <> '';

CREATE TABLE prefill (
	form_id TEXT NOT NULL,
	country TEXT NOT NULL,
	content BLOB NOT NULL,
	PRIMARY KEY (form_id, country)
) STRICT, WITHOUT ROWID;

CREATE TABLE promise (
	seq        INTEGER PRIMARY KEY,
	id         TEXT NOT NULL UNIQUE,
	job        TEXT NOT NULL,
	payload    BLOB NOT NULL,
	subject    TEXT NOT NULL,
	state      TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'running', 'done', 'failed', 'cancelled')),
	generation INTEGER NOT NULL,
	attempts   INTEGER NOT NULL,
	failure    TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	sent_at    INTEGER NOT NULL,
	seen_at    INTEGER NOT NULL,
	started_at INTEGER NOT NULL,
	done_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX promise_open ON promise (state, seq) WHERE state IN ('waiting', 'sent', 'running', 'failed');

CREATE INDEX promise_subject ON promise (subject);

CREATE TABLE proposal (
	id        INTEGER PRIMARY KEY,
	response  INTEGER NOT NULL REFERENCES response (seq),
	path      TEXT NOT NULL,
	base      INTEGER NOT NULL,
	value     TEXT NOT NULL,
	reason    TEXT NOT NULL,
	note      TEXT NOT NULL,
	person_id TEXT NOT NULL,
	at        INTEGER NOT NULL,
	closed_at INTEGER NOT NULL
) STRICT;

CREATE INDEX proposal_open ON proposal (response, path) WHERE closed_at = 0;

CREATE TABLE question (
	id      INTEGER PRIMARY KEY,
	form_id TEXT NOT NULL,
	path    TEXT NOT NULL,
	UNIQUE (form_id, path)
) STRICT;

CREATE TABLE report (
	id         TEXT PRIMARY KEY,
	name       TEXT NOT NULL,
	lang       TEXT NOT NULL,
	round      TEXT NOT NULL,
	options    TEXT NOT NULL,
	state      TEXT NOT NULL,
	progress   INTEGER NOT NULL,
	person_id  TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	done_at    INTEGER NOT NULL,
	file_name  TEXT NOT NULL,
	size_bytes INTEGER NOT NULL,
	sha256     TEXT NOT NULL,
	failure    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE response (
	seq          INTEGER PRIMARY KEY,
	id           TEXT NOT NULL UNIQUE,
	form_id      TEXT NOT NULL,
	form_version INTEGER NOT NULL,
	kind         TEXT NOT NULL CHECK (kind IN ('questionnaire', 'interview')),
	country      TEXT NOT NULL,
	round        TEXT NOT NULL,
	state        TEXT NOT NULL,
	version      INTEGER NOT NULL,
	instance_id  TEXT NOT NULL,
	title        TEXT NOT NULL,
	example      INTEGER NOT NULL,
	created_at   INTEGER NOT NULL,
	updated_at   INTEGER NOT NULL,
	FOREIGN KEY (form_id, form_version) REFERENCES form_version (form_id, version)
) STRICT;

CREATE UNIQUE INDEX response_instance ON response (form_id, instance_id) WHERE instance_id <> '';

CREATE INDEX response_place ON response (kind, round, country);

CREATE UNIQUE INDEX response_return ON response (form_id, country, round)
	WHERE kind = 'questionnaire' AND instance_id = '';

CREATE TABLE revision (
	response  INTEGER NOT NULL REFERENCES response (seq),
	path      TEXT NOT NULL,
	version   INTEGER NOT NULL,
	value     TEXT NOT NULL,
	reason    TEXT NOT NULL,
	note      TEXT NOT NULL,
	person_id TEXT NOT NULL,
	channel   TEXT NOT NULL,
	at        INTEGER NOT NULL,
	PRIMARY KEY (response, path, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE section_mark (
	response  INTEGER NOT NULL REFERENCES response (seq),
	section   TEXT NOT NULL,
	person_id TEXT NOT NULL,
	at        INTEGER NOT NULL,
	PRIMARY KEY (response, section)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
	token_hash TEXT PRIMARY KEY,
	person_id  TEXT NOT NULL REFERENCES person (id),
	created_at INTEGER NOT NULL,
	seen_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX session_person ON session (person_id);

CREATE TABLE study (
	one       INTEGER PRIMARY KEY CHECK (one = 1),
	content   TEXT NOT NULL,
	loaded_at INTEGER NOT NULL
) STRICT;

CREATE TABLE submission (
	seq           INTEGER PRIMARY KEY,
	id            TEXT NOT NULL UNIQUE,
	response      INTEGER NOT NULL REFERENCES response (seq),
	version       INTEGER NOT NULL,
	form_version  INTEGER NOT NULL,
	state         TEXT NOT NULL,
	hash          TEXT NOT NULL,
	page_token    TEXT NOT NULL,
	signed_by     TEXT NOT NULL,
	signed_name   TEXT NOT NULL,
	signed_post   TEXT NOT NULL,
	at            INTEGER NOT NULL,
	channel       TEXT NOT NULL,
	snapshot      BLOB NOT NULL,
	normalized_at INTEGER NOT NULL,
	rule_version  TEXT NOT NULL,
	UNIQUE (response, version)
) STRICT;

CREATE UNIQUE INDEX submission_token ON submission (response, page_token) WHERE page_token <> '';

CREATE TABLE token (
	token_hash TEXT PRIMARY KEY,
	person_id  TEXT NOT NULL REFERENCES person (id),
	label      TEXT NOT NULL,
	created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX token_person ON token (person_id);
