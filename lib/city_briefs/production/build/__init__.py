"""Chapters are run, packs are bound and put in their place."""
