"""Copies of other packages, put here by vendor.py and never edited."""
