"""A night on the road: drafts, what a phone kept without a signal, windows that fall due, and who works alone."""
