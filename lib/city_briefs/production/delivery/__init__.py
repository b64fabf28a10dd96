"""Packs into the right hands: who gets which, by mail or in a folder, each once.

recipients   who gets what             journal      who was sent what, so that nobody is sent it twice
documents    what may be delivered     unconfirmed  what only a person can decide
mail         by which server           round        one delivery to all who are due
message      what a mail says          warning      failures, to those who can mend them
post         SMTP    folder   files   service    a delivery from end to end
"""
