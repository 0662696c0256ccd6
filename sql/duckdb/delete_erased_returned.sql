-- Takes erased persons out of the returned lists; what was credited stays with the lists.
delete from returned
where exists (select 1 from erasing where erasing.phone = returned.phone);
