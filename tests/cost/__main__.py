"""``python -m tests.cost``: the table of costs; with the name of a network, its NumPy calls by line."""

import sys

from tests.cost.measure import NETWORKS, measured
from tests.cost.table import text

if len(sys.argv) > 1:
    found = measured(sys.argv[1])
    for place, count in found.calls.items():
        print(f"{count:>4}  {place}")
    print(f"{found.calls.total():>4}  in all")
else:
    print(text({name: measured(name) for name in NETWORKS}))
