"""Figures: numbers that a brief may state, each stated or refused with the reason."""
