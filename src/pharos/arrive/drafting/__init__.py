"""A table that nobody has described yet becomes the draft of its mapping.

In: the bytes of a file. Out: what was understood of it, and questions about the rest. Guesses here
are read by people before they count; nothing in this package is used to read a report.
"""
