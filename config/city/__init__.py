"""The synthetic city: everybody and everything that a demo or a story starts with, all of it invented."""
