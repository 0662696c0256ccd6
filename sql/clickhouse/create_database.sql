-- Makes the database if it is missing. {{database}}
create database if not exists {{database}}
