-- What an order looks for are a few parts of all: 10 billion numbers of changes need not be read for it.
alter table ledger add index if not exists by_sequence sequence type minmax granularity 1
