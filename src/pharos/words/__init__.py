"""Words: values only. Money, calendar, territory, works, venues, figures, reports.

In: nothing. Out: types that every room may use. Knows no room.
"""
