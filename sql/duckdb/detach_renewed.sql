-- Writes it out and closes it.
detach renewed;
