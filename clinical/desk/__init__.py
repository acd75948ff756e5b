"""The first page of each role, the post-box's owner's page, and the programs as determined."""
