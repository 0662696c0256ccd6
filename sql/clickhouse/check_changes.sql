-- Promise 5: a change is made before the next one is, and each has a number of its own. -> found
select
  if(
    countIf(state = 'logged') > 0,
    concat('change ', toString(sequence), ' is written down and not made: numbers doctor --repair'),
    concat('two changes have the number ', toString(sequence), ': the lock let two processes in at once')
  ) as found
from changes
where state <> 'withdrawn'
group by sequence
having count() > 1 or countIf(state = 'logged') > 0
order by sequence
