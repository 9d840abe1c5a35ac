"""The ledger: postings, books, registers, and what was known at an edition.

In: decisions that stand in the journal. Out: tables that measure reads. Everything here is a
projection: delete it and `keep.receive.rebuild` makes it again from the journal.
"""
