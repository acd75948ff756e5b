"""Bringing a client's coded record in from a file: a FHIR R4 bundle."""
