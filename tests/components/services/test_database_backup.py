"""The backup's two scripts, really run, with stand-ins for pg_dump and the AWS CLI on PATH."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from components.services.database_backup import DUMP, UPLOAD

PG_DUMP = """#!/bin/sh
for argument; do
  case "$argument" in --file=*) file="${argument#--file=}";; esac
  last=$argument
done
[ "$last" = "broken" ] && exit 1
echo "dump of $last" > "$file"
"""
PG_RESTORE = '#!/bin/sh\ngrep -q "dump of" "$2"\n'
AWS = """#!/bin/sh
if [ "$1" = s3 ]; then
  for argument; do before=$last; last=$argument; done
  target="$STORE/${last#s3://}"; mkdir -p "$(dirname "$target")"; cp "$before" "$target"
  echo "$@" >> "$STORE/calls"
else
  while [ "$1" != --key ]; do shift; done
  if [ -n "${TRUNCATED:-}" ]; then echo 1; else wc -c < "$STORE/$BUCKET/$2"; fi
fi
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    programs = {"pg_dump": PG_DUMP, "pg_restore": PG_RESTORE, "aws": AWS}
    (tmp_path / "bin").mkdir()
    for name, text in programs.items():
        program = tmp_path / "bin" / name
        program.write_text(text)
        program.chmod(0o755)
    (tmp_path / "dump").mkdir()
    (tmp_path / "store").mkdir()
    return tmp_path


def run(folder: Path, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "FOLDER": str(folder / "dump"),
        "STORE": str(folder / "store"),
        "DATABASES": "mlflow feast",
        "BUCKET": "backups",
        "KEY": "arn:key",
    }
    return subprocess.run(
        ["sh", "-c", script], env=given | environment, capture_output=True, text=True, check=False
    )


def test_every_database_is_dumped_and_uploaded_with_its_checksum(folder: Path) -> None:
    assert run(folder, DUMP).returncode == 0
    assert run(folder, UPLOAD).returncode == 0
    stored = {path.name for path in (folder / "store" / "backups").rglob("*") if path.is_file()}
    assert stored == {"mlflow.dump", "feast.dump", "SHA256SUMS"}
    calls = (folder / "store" / "calls").read_text().splitlines()
    assert all("--sse aws:kms --sse-kms-key-id arn:key" in call for call in calls)


def test_a_dump_that_fails_fails_the_job(folder: Path) -> None:
    assert run(folder, DUMP, DATABASES="mlflow broken").returncode != 0
    assert not (folder / "dump" / "SHA256SUMS").exists()


def test_a_dump_that_cannot_be_read_fails_the_job(folder: Path) -> None:
    (folder / "bin" / "pg_restore").write_text("#!/bin/sh\nexit 1\n")
    assert run(folder, DUMP).returncode != 0


def test_a_dump_that_changed_on_the_way_is_not_uploaded(folder: Path) -> None:
    run(folder, DUMP)
    (folder / "dump" / "feast.dump").write_text("something else")
    assert run(folder, UPLOAD).returncode != 0
    assert not (folder / "store" / "calls").exists()


def test_an_upload_of_another_size_fails_the_job(folder: Path) -> None:
    run(folder, DUMP)
    done = run(folder, UPLOAD, TRUNCATED="yes")
    assert done.returncode == 1
    assert "bytes here, 1 in s3://backups/postgres/" in done.stderr
