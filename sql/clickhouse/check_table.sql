-- Whether the parts of a table have the checksums that they were written with. {{table}} -> part_path, is_passed, message
check table {{table}}
settings check_query_single_value_result = 0
