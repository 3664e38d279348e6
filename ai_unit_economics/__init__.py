"""The small Python side of the project: everything that SQL cannot do."""
