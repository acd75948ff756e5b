"""What somebody has to do, on one page: the desk in the morning."""
