"""The demo company: a generator of raw feed files that are the same bytes on every machine."""
