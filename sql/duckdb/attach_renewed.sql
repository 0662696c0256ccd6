-- {{path}}: a file that is not there yet, as a text: this statement takes no parameters
attach {{path}} as renewed (read_write);
