"""The door for data: from the files that bureaus send to a snapshot that can be trusted.

ingestion       the way through the door, step by step
declaration     `sources.toml`: which file fills which table, and from which columns
sources         which sources there are in the files and folders that were named
region_list     regions that a sender lists, instead of the reference regions
reading/        a file or query as a grid of cells
heading         which column of a grid is which column of the table
units · personal            units of numbers; personal data, which is refused
meanings · dates · numbers  one value as the table has it
cells           text as the table's types, and every value that cannot be read
totals          rows that are no data, and the sums that they state
lots            a grid as lots of rows, accepted or rejected
stage           what was accepted so far, on disk
rules           a rule over staged rows, and the sentence that each is told
gates/          what rows must be to each other, across files
cumulative      1—11月累计 as months
coverage        who reported what for which month
report          what became of every row; rejected and returned are what goes back to the senders
templates       blank workbooks to fill in
"""
