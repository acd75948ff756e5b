"""Complaints about care, coercion or force: taken down, owned by somebody, answered by a date."""
