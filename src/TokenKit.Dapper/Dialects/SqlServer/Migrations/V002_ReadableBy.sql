-- TokenKit for SQL Server, schema version 2: what the row of the schema says to older versions of the library.
-- It may be run again at any time: what is there already stays as it is.
-- The defaults fill the row. A batch is compiled as a whole, before it adds a column: a statement that names the column needs EXEC(N'...').

-- The oldest schema version that a library must know to run on this database. A library that knows only older ones does not start.
IF NOT EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'[tokenkit_schema]', N'U') AND name = N'readable_by')
    ALTER TABLE "tokenkit_schema" ADD readable_by int NOT NULL DEFAULT 2;

-- What is switched on: words with one space between them, empty for nothing.
IF NOT EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'[tokenkit_schema]', N'U') AND name = N'features')
    ALTER TABLE "tokenkit_schema" ADD features nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL DEFAULT N'';

UPDATE "tokenkit_schema" SET version = 2 WHERE id = 1 AND version < 2;
