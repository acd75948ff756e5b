"""Who is on a client's care team, and how a client goes from one worker to another."""
