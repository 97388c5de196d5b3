import sys
from pathlib import Path

_ROOT = Path(__file__).parent.parent.parent
# What runs in the browser, and what puts it together, are imported as they are there: by their names alone.
sys.path[:0] = [str(_ROOT / "docs" / "playground"), str(_ROOT / "scripts")]
