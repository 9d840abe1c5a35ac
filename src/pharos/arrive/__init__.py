"""Bytes become reports: the journal, the formats, the mappings.

In: messages as their senders sent them. Out: messages as the journal holds them, and what they
say. Knows nothing of verdicts, ledgers and measures.
"""
