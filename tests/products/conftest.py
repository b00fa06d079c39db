"""Invented papers, the scripted engine, makers of PDF files and the synthetic model live with other tests."""

from __future__ import annotations

import sys
from pathlib import Path

for room in ("steps", "sources/formats", "llm", "model"):
    sys.path.insert(0, str(Path(__file__).parents[1] / room))
sys.path.insert(0, str(Path(__file__).parents[1] / "sources" / "fetching"))
