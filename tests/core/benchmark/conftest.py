"""Makes the benchmark's modules importable by the names its scripts use."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))
