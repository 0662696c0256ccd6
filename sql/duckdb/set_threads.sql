-- {{threads}}: how many the engine uses from now on
set threads = {{threads}};
