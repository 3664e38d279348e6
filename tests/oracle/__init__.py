"""An independent derivation of the marts' figures: from feed lines and policy rows to numbers, in whole numbers.

Written from the specification alone, without looking at the SQL. `tests/python/test_worlds.py` runs both on random
worlds and compares. One module a topic:

* `money` exact arithmetic, `times` instants, `policy` dated decisions
* `landing` which lines are kept, duplicates or quarantined, and why
* `prices` and `calls` what a call costs
* `reviews` and `charges` what people and metered services cost
* `episodes` the state machine of units; `ledger` units with their costs; `economics` the headline
* `owners`, `drivers`, `keys` and `allocation` who bears what has no direct owner
* `reconciliation` estimate, export and invoice; `bridge` what lies between them
* `postings` what closed months hold, and where later knowledge is posted
* `worlds`, with `bills` and `late`, draws the worlds
"""
