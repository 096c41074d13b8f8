"""`make charts DATA=<folder>`: derive the charts' contracts and the schemas of their CRDs."""

from __future__ import annotations

import sys
from pathlib import Path

from upkeep import chart_contracts, chart_schemas


def main() -> int:
    """Exit status; 2 where the folder is missing."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        print("charts: expected a folder with one folder per chart: make charts DATA=<folder>")
        return 2
    data = Path(sys.argv[1])
    missing = chart_contracts.write(data)
    written = chart_schemas.write(data)
    print(f"wrote {written} schemas; not in the folder, left as they are: {', '.join(missing)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
