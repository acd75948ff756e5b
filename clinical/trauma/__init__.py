"""What happened to a neighborhood: an event without attendees, what was done, and slips of who asks to be called."""
