"""A group that met: one row about nobody, and a row in each member's own compartment."""
