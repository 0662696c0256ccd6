-- The journal does not say whether a delivery was begun: it may have been.
update orders
set disclosed = true
where state = 'reserved';
