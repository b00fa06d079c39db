"""The invented papers, the scripted engine and the synthetic model live with other tests."""

from __future__ import annotations

import sys
from pathlib import Path

for folder in ("steps", "llm", "model"):
    sys.path.insert(0, str(Path(__file__).parents[1] / folder))
