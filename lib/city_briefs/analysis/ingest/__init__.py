"""Ingest: read the files that offices send, check every row, and write a snapshot of the accepted ones.

pipeline                        all steps, from the named files to a snapshot or to a report of refusal
sources_toml                    `sources.toml`: which file fills which table, and from which columns
find_sources                    the data sources in the named files, folders and databases, and what is refused as one
named_sources                   files, sheets and database tables that are named for our tables
declared_sources                files and queries as `sources.toml` declares them
zipped_files                    the files of a zip archive, unpacked within bounds
unread_tables                   files and sheets that may hold a table and were not read
database_hosts                  where ingest may connect, and so send a password
refusals                        what cannot be read as a table, as a finding beside the others
sent_regions                    a list of regions that was sent, instead of the reference regions
readers/                        a file or a query as raw tables of cells
match_headers                   the column of the table for each column of a raw table
headings                        the rows of the heading, and the column that each header names
stated_units · column_units     units stated above, below and beside the table, and the unit of each column
row_units                       numbers whose unit differs by row: by the metric, or by a column of units
units · personal_data           units of numbers; personal data, which is refused
parse_values · dates · numbers  one cell, parsed to one value
parse_columns                   a column of text, parsed to the column's type, with every misfit
non_data_rows                   rows that hold no record: totals, notes, repeated headings; set_aside lists them
total_rows                      the totals that they state, compared with the rows
merged_numbers                  numbers of merged cells, which are asked for
ditto_marks                     同上, which repeats the cell above
sheet_lines · reader_remarks    the lines of a sheet that are no records; what a reader noticed of its cells
scaled_numbers                  numbers that are shown smaller than they are held
parse_batches                   a raw table as batches of accepted and rejected rows
source_sheet                    one sheet of a source: where its cells are for whoever sent it, and how many rows became what
staging                         accepted and rejected rows on disk, until the snapshot is written
rules                           a rule applied to staged rows, and the sentence for each row that breaks it
checks/                         checks across rows and files: errors are rejected, warnings are kept
cumulative                      cumulative returns (1—11月累计), differenced to single months
coverage                        which region reported which table for which month
rejected_months                 rejected rows by region and month, which are not covered
unsent_columns                  columns that a source does not have, which are no zeros
explanation                     how each sheet was read: heading, columns, units
report                          the report on every row; rejected_rows and marked_copies go back to the senders
report_screen · report_page     the report on screen, and as a page to look at
messages_zh                     the Chinese sentence of a finding, made from its rule
templates                       blank workbooks to fill in
"""
