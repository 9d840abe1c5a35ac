"""Measures: what the numbers mean, and how a question becomes one SQL text.

In: a question and an edition of the ledger. Out: rows with units, definitions, status and
completeness. Never reaches the writer: it only reads.
"""
