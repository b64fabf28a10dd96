"""Judgements by written rules: claims, targets, yellow lights, safety."""
