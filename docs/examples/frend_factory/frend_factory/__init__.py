"""Formats a Centra shop's catalogue for its pages, without a stock number in it."""
