"""Checks of a page, each a function that returns what it found wrong as lines of text."""
