"""One fit of a system in Python: read the files of a split, train, and write the predictions of the test rows.

python -m benchmarks.quality.fit SYSTEM FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.quality.inputs import load_inputs
from benchmarks.quality.predictions import write_predictions
from benchmarks.quality.systems import SYSTEMS


def main() -> int:
    """Train and predict; print the error in the last line if it fails."""
    (system,) = (system for system in SYSTEMS if system.name == sys.argv[1])
    folder = Path(sys.argv[2])
    inputs = load_inputs(folder)
    try:
        predicted = system.load()(inputs)
    except Exception as error:  # Of a library that is compared: its column is empty, and the page says why.
        lines = str(error).strip().splitlines() or [""]
        print(f"{type(error).__name__}: {lines[-1]}")
        return 1
    write_predictions(folder, inputs.classes, predicted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
