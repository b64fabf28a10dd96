"""Ingest: read the files that offices send, check every row, and write a snapshot of the accepted ones.

pipeline                        all steps, from the named files to a snapshot or to a report of refusal
sources_toml                    `sources.toml`: which file fills which table, and from which columns
find_sources                    the data sources in the named files, folders and databases
sent_regions                    a list of regions that was sent, instead of the reference regions
readers/                        a file or a query as raw tables of cells
match_headers                   the column of the table for each column of a raw table
units · personal_data           units of numbers; personal data, which is refused
parse_values · dates · numbers  one cell, parsed to one value
parse_columns                   a column of text, parsed to the column's type, with every misfit
total_rows                      rows that hold no data, and the totals that they state
parse_batches                   a raw table as batches of accepted and rejected rows
staging                         accepted and rejected rows on disk, until the snapshot is written
rules                           a rule applied to staged rows, and the sentence for each row that breaks it
checks/                         checks across rows and files: errors are rejected, warnings are kept
cumulative                      cumulative returns (1—11月累计), differenced to single months
coverage                        which region reported which table for which month
rejected_months                 rejected rows by region and month, which are not covered
unsent_columns                  columns that a source does not have, which are no zeros
report                          the report on every row; rejected_rows and marked_copies go back to the senders
templates                       blank workbooks to fill in
"""
