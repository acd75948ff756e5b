"""Work that is no contact with a client: it counts for time and for funding, never for outcomes."""
