-- TokenKit for PostgreSQL, schema version 2: what the row of the schema says to older versions of the library.
-- It may be run again at any time: what is there already stays as it is.

-- The oldest schema version that a library must know to run on this database. A library that knows only older ones does not start.
ALTER TABLE "tokenkit_schema" ADD COLUMN IF NOT EXISTS readable_by integer NOT NULL DEFAULT 2;

-- What is switched on: words with one space between them, empty for nothing.
ALTER TABLE "tokenkit_schema" ADD COLUMN IF NOT EXISTS features text COLLATE "C" NOT NULL DEFAULT '';

UPDATE "tokenkit_schema" SET version = 2 WHERE id = 1 AND version < 2;
