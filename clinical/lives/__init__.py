"""A program through the years: its names, when it ran, what it went into, and figures that compare."""
