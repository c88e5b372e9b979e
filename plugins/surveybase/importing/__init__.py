"""A contributor's document to a report and a community file with candidates."""
