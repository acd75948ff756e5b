"""Coverage of the law: which paragraph which rule holds, and why some are held by none. Pure Python."""
