"""Bytes from values: a case as a calendar, a page, a printable document, and all of it as one archive."""
