"""A pretend country: seeded cinemas, screenings and tickets, sent as anybody's reports.

In: a scenario (data), a seed, a number of cinemas. Out: messages in the order of the rehearsal's
clock, and the truth about what they say. Knows no real clock, no home, no door.
"""
