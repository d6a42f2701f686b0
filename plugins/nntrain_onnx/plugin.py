"""What the family brings."""

from __future__ import annotations
