"""911 triage: four questions and one about a petition, the routing they gave, and what a call turned out to be.

All of it stays in the police and dispatch store.
"""
