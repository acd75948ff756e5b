"""Lowering a label: one person asks with a reason, a supervisor decides, the record moves."""
