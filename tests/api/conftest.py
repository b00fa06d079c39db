"""The makers of PDF files live with the tests of the formats, the scripted services with those of the fetching."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "sources" / "formats"))
sys.path.insert(0, str(Path(__file__).parents[1] / "sources" / "fetching"))
sys.path.insert(0, str(Path(__file__).parents[1] / "mail"))
