"""Everything one machine needs to run both sites: servers, keys, processes, tests."""
