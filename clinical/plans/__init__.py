"""What somebody needs, what they want to reach, who does what by when, and how it goes: needs, plans, goals, reviews."""
