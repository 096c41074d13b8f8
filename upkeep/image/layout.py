"""An OCI image layout: layers as tar archives without anything that differs between machines.

Not compressed: two versions of zlib make different bytes of the same layer.
Source: OCI image format specification 1.1.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

LAYER = "application/vnd.oci.image.layer.v1.tar"
CONFIG = "application/vnd.oci.image.config.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
EPOCH = "1970-01-01T00:00:00Z"
"""When everything in it was made."""
Descriptor = dict[str, str | int]


def layer(root: Path) -> bytes:
    """The tree below `root` as root's, sorted, from 1970, readable by everybody."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in _sorted(root):
            member = archive.gettarinfo(path, str(path.relative_to(root)))
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            member.mtime = 0
            member.pax_headers = {}
            if member.isreg():
                member.mode = 0o755 if member.mode & stat.S_IXUSR else 0o644
                with path.open("rb") as content:
                    archive.addfile(member, content)
            else:
                member.mode = 0o777 if member.issym() else 0o755
                archive.addfile(member)
    return buffer.getvalue()


def _sorted(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders.sort()
        here = Path(folder)
        if here != root:
            yield here
        links = [name for name in folders if (here / name).is_symlink()]
        yield from (here / name for name in sorted([*files, *links]))


def write_layout(target: Path, layers: Sequence[bytes], config: Mapping[str, object]) -> str:
    """Write the layout into the empty folder `target`; the digest of the image's manifest.

    `config` is what a runtime needs: `Entrypoint`, `User`, `Labels`.
    """
    blobs = target / "blobs" / "sha256"
    blobs.mkdir(parents=True)
    parts = [_blob(blobs, LAYER, content) for content in layers]
    document = {
        "architecture": "amd64",
        "os": "linux",
        "created": EPOCH,
        "config": dict(config),
        "rootfs": {"type": "layers", "diff_ids": [part["digest"] for part in parts]},
    }
    settings = _blob(blobs, CONFIG, _json(document))
    manifest = _blob(
        blobs,
        MANIFEST,
        _json({"schemaVersion": 2, "mediaType": MANIFEST, "config": settings, "layers": parts}),
    )
    _index(target, manifest)
    return str(manifest["digest"])


def _index(target: Path, manifest: Descriptor) -> None:
    described = {**manifest, "platform": {"architecture": "amd64", "os": "linux"}}
    index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [described]}
    (target / "index.json").write_bytes(_json(index))
    (target / "oci-layout").write_bytes(_json({"imageLayoutVersion": "1.0.0"}))


def _blob(blobs: Path, kind: str, content: bytes) -> Descriptor:
    digest = hashlib.sha256(content).hexdigest()
    (blobs / digest).write_bytes(content)
    return {"mediaType": kind, "digest": f"sha256:{digest}", "size": len(content)}


def _json(document: object) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
