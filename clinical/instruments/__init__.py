"""Screeners and scales: their questions, scores and actions are data; what was answered is a protected row."""
