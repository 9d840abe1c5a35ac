"""Doors: the command line, the Python home, the demonstration. No arithmetic.

In: what people type and send. Out: receipts, verdicts, answers. Clock, environment and randomness
enter here and nowhere else.
"""
