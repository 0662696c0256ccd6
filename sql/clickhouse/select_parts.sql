-- What lies on the disk of the large tables. -> table, partition, parts, rows, bytes
select table, partition, count() as parts, sum(rows) as rows, sum(bytes_on_disk) as bytes
from system.parts
where database = currentDatabase()
  and active
  and table in ('pool', 'ledger', 'picks')
group by table, partition
order by table, partition desc
