"""Courses of care in a program: what each program is, as data; intake, stages, records, closing."""
