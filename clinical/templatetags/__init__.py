"""Template tags of the clinical pages."""
