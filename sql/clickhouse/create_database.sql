-- {{name}}
create database if not exists {{name}}
