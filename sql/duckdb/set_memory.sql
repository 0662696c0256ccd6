-- What the engine may hold from now on: what is more, it gives back. $limit varchar, such as 2GB
set memory_limit = $limit;
