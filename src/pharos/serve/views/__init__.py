"""Pages of tables: film, places and the others, each a few questions in a readable form.

    asking.py     an address becomes what is wanted; what is wanted becomes answers
    table.py      heads, rows and cells: the same values on the screen, in JSON and in files
    answered.py   an answer becomes a table, each cell with its text, its reason and its link
    view.py       a whole page: its tables, what stands behind them, its forms; as JSON, as a sheet
    the others    one page each, declared as a `Page` and named in `registry.py`

A page does no arithmetic: it asks, and says what was answered. A new page is one file and one line;
it is the operator's alone until `policy.toml` opens it.
"""
