-- Moves the write-ahead log into the database file.
checkpoint;
