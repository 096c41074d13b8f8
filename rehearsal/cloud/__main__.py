"""`python -m rehearsal.cloud`: run the simulated cloud until it is told to stop."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from pathlib import Path

from rehearsal.cloud.moto_switches import configure_moto
from rehearsal.collector import collect_seldom


def main() -> None:
    """Parse the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m rehearsal.cloud", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 (default): any free port")
    parser.add_argument(
        "--ready-file", type=Path, help='gets {"url": …, "pid": …} as soon as calls are answered'
    )
    parser.add_argument("--parent", type=int, help="exit when this process is gone")
    arguments = parser.parse_args()
    collect_seldom()
    configure_moto()
    # moto warns about error codes that a model does not list; AWS sends such codes too.
    warnings.filterwarnings("ignore", module="moto")
    from rehearsal.cloud.server import serve

    serve(arguments.port, arguments.ready_file, arguments.parent)
    sys.stdout.flush()
    # All is closed by now; taking moto's hundreds of MiB apart would only cost a second.
    os._exit(0)


if __name__ == "__main__":
    main()
