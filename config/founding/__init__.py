"""A city from a file: its organizations, programs, people and offices, on either side.

`reading` knows TOML, `tables` what a file may say, `references` whether its parts fit
together and fit what is there; `clinical` and `police` write it down.
"""
