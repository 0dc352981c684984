-- TokenKit for SQLite, schema version 2: what the row of the schema says to older versions of the library.
-- It cannot be run again: SQLite has no ADD COLUMN IF NOT EXISTS.

-- The oldest schema version that a library must know to run on this database. A library that knows only older ones does not start.
ALTER TABLE "tokenkit_schema" ADD COLUMN readable_by INTEGER NOT NULL DEFAULT 2;

-- What is switched on: words with one space between them, empty for nothing.
ALTER TABLE "tokenkit_schema" ADD COLUMN features TEXT NOT NULL DEFAULT '';

UPDATE "tokenkit_schema" SET version = 2 WHERE id = 1 AND version < 2;
