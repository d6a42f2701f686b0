"""Where records of Torch7 itself lie: some are in the repository, all of them beside it."""

from __future__ import annotations

import json
from typing import Any

from tests.paths import ROOT

SHARED = ROOT.parent / "shared" / "t7"
GOLDEN = ROOT / "tests" / "golden" / "t7"

FOLDERS = tuple(folder for folder in (GOLDEN, SHARED) if folder.is_dir())
FILES = sorted(path for folder in FOLDERS for path in folder.glob("*.t7"))


def manifest() -> list[dict[str, Any]]:
    """What is known of every record beside the repository; nothing if they are not there."""
    path = SHARED / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
