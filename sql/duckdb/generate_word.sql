-- generate_word(kind, draw): a word of that list of the vocabulary. Lists are folded into constants.
create or replace temp macro generate_word(kind, draw) as
  getvariable('generate_vocabulary')[kind][1 + draw % len(getvariable('generate_vocabulary')[kind])];
