-- Takes erased persons out of the suppression: their digest stands in its place. -> phone bigint
delete from suppression
where exists (select 1 from erasing where erasing.phone = suppression.phone)
returning phone;
