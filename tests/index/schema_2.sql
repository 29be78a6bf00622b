-- The catalog as version 2 of its schema made it.
CREATE TABLE meta (
	"key" VARCHAR(64) NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY ("key")
);
CREATE TABLE counters (
	name VARCHAR(32) NOT NULL,
	value BIGINT NOT NULL,
	PRIMARY KEY (name)
);
CREATE TABLE documents (
	document_id TEXT NOT NULL,
	collection TEXT NOT NULL,
	source TEXT NOT NULL,
	title TEXT NOT NULL,
	kind VARCHAR(16) NOT NULL,
	format VARCHAR(16) NOT NULL,
	content_hash VARCHAR(64) NOT NULL,
	size BIGINT NOT NULL,
	mtime_ns BIGINT NOT NULL,
	source_path TEXT NOT NULL,
	issuer TEXT,
	doc_number TEXT,
	family TEXT NOT NULL,
	issued DATE,
	effective DATE,
	repealed DATE,
	validity VARCHAR(16) NOT NULL,
	statements TEXT DEFAULT '{}' NOT NULL,
	metadata_version INTEGER DEFAULT '0' NOT NULL,
	page_count INTEGER,
	page_sizes TEXT NOT NULL,
	passage_count INTEGER NOT NULL,
	article_count INTEGER NOT NULL,
	warnings TEXT NOT NULL,
	indexed_at DATETIME,
	PRIMARY KEY (document_id)
);
CREATE INDEX documents_by_family ON documents (family);
CREATE UNIQUE INDEX documents_by_source ON documents (collection, source);
CREATE TABLE pending (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	passage_id TEXT NOT NULL,
	document_id TEXT NOT NULL,
	collection TEXT NOT NULL,
	op VARCHAR(8) NOT NULL,
	UNIQUE (passage_id)
);
CREATE TABLE contents (
	document_id TEXT NOT NULL,
	text TEXT NOT NULL,
	outline TEXT NOT NULL,
	PRIMARY KEY (document_id),
	FOREIGN KEY(document_id) REFERENCES documents (document_id) ON DELETE CASCADE
);
CREATE TABLE passages (
	passage_id TEXT NOT NULL,
	document_id TEXT NOT NULL,
	ordinal INTEGER NOT NULL,
	path TEXT NOT NULL,
	text TEXT NOT NULL,
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	context TEXT NOT NULL,
	article TEXT,
	page INTEGER,
	boxes TEXT NOT NULL,
	text_hash VARCHAR(32) NOT NULL,
	PRIMARY KEY (passage_id),
	FOREIGN KEY(document_id) REFERENCES documents (document_id) ON DELETE CASCADE
);
CREATE INDEX passages_by_document ON passages (document_id, ordinal);
