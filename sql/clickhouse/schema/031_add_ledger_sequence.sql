-- The number of the change that wrote a sale; 0 of what came from another engine. An order looks for sales of after its look by it.
alter table ledger add column if not exists sequence UInt64 default 0 codec(ZSTD(1))
