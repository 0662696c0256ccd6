-- A cell that no spreadsheet takes for a formula: an apostrophe before = + - @, tab, line break or NUL at its beginning
-- (OWASP, CSV Injection; ASVS 1.2.10), and before the wide forms of the four signs. All other cells are as they were.
-- Parameters: cell varchar
create or replace temp macro safe_cell(cell) as
  case when regexp_matches(cell, '^[-=+@\t\r\n\x00＝＋－＠]') then '''' || cell else cell end;
