"""Packs into the right hands: who gets which, by mail or in a folder, each once.

recipients     who gets what             journal      who was sent what, so that nobody is sent it twice
documents      what may be delivered     unconfirmed  what only a person can decide
mail_settings  by which server           round        one delivery to all who are due, by mail or into a folder
message        what a mail says          warning      failures, to those who can mend them
smtp           sends a mail              service      a delivery from end to end
"""
