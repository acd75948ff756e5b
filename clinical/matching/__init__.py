"""The matching desk: two records of one legal unit that may be of one person, and what somebody says of them."""
