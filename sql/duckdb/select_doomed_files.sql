-- -> path
select path
from doomed_files;
