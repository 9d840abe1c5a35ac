"""Checks: what was said becomes findings and a verdict.

In: figures in normal form and what is known about their cinemas. Out: findings, which lines are
held, one verdict. Pure: no storage, no clock; rule parameters are data that come in.
"""
