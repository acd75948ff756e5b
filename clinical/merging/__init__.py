"""Somebody met without a name turns out to be somebody known: the two records become one, and it can be undone."""
