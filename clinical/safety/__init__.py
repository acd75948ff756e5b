"""The safety plan: what helps when it gets dangerous, in the person's own words."""
