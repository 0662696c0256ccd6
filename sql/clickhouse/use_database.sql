-- Takes the tables of all that follows from a database. {{database}}
use {{database}}
