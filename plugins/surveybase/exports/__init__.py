"""The data in formats for machines, one file per format."""
