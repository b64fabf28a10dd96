"""The door for data: from the files that bureaus send to a snapshot that can be trusted.

pipeline                        the way through the door, step by step
sources_toml                    `sources.toml`: which file fills which table, and from which columns
find_sources                    which sources there are in the files and folders that were named
sent_regions                    regions that a sender lists, instead of the reference regions
readers/                        a file or query as a raw_table of cells
match_headers                   which column of a raw_table is which column of the table
units · personal_data           units of numbers; personal data, which is refused
parse_values · dates · numbers  one value as the table has it
parse_columns                   text as the table's types, and every value that cannot be read
total_rows                      rows that are no data, and the sums that they state
parse_batches                   a raw table as batches of rows, accepted or rejected
staging                         what was accepted so far, on disk
rules                           a rule over staged rows, and the sentence that each is told
checks/                         what rows must be to each other, across files
cumulative                      1—11月累计 as months
coverage                        who reported what for which month
report                          what became of every row; rejected_rows and marked_copies are what goes back to the senders
templates                       blank workbooks to fill in
"""
