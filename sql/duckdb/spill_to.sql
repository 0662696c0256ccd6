-- Lets this session spill into the folder of its own process: two processes that share one corrupt each other.
-- Run after the views were bound, which find the home by the default of this setting.
-- $folder varchar
set temp_directory = $folder;
