-- Everything that is in the catalog, and nothing that was. (A database is called as its file, numbers.duckdb.)
copy from database numbers to renewed;
