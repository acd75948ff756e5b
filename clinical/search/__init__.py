"""Finding a client by name, birth date or phone, where none of these stands in clear: a blind index."""
