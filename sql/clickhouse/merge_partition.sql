-- Merges the parts of a day of the pool into one, or into as few as the server allows. {{day}}: as a text of SQL
optimize table pool partition {{day}} final
