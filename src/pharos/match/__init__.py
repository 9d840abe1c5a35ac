"""Matching: who is meant. Judgements that two said ids are one, and their revocation.

In: ids as people type them, what is registered and joined. Out: judgement facts. A judgement
changes no posting: it is joined when a question is asked.
"""
