"""The door for data: from the files that bureaus send to a snapshot that can be trusted.

declaration  `sources.toml`: which file fills which table, and from which columns
sources      which sources there are in the files and folders that were named
reading/     a file or query as a grid of cells
heading      which column of a grid is which column of the table
cells        text as the table's types, and every value that cannot be read
lots         a grid as lots of rows, accepted or rejected
stage        what was accepted so far, on disk
gates        what rows must be to each other, across files
"""
