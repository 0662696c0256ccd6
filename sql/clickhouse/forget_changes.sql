-- Removes what changes were told that are made: phones may be in it.
optimize table changes final
