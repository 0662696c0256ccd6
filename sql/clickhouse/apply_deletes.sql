-- Writes the parts of a table anew that hold rows which are only hidden. {{table}}
alter table {{table}} apply deleted mask
