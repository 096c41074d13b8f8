"""References of images are written out as container runtimes read them."""

from __future__ import annotations

import pytest

from components.services.image_reference import Reference, reference

DIGEST = "sha256:" + "b" * 64


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("busybox", "docker.io/library/busybox"),
        ("busybox:1.38", "docker.io/library/busybox:1.38"),
        ("docker.io/busybox:1.38", "docker.io/library/busybox:1.38"),
        ("kserve/agent:v1", "docker.io/kserve/agent:v1"),
        ("docker.io/kserve/agent:v1", "docker.io/kserve/agent:v1"),
        ("quay.io/a/b/c:1", "quay.io/a/b/c:1"),
        ("localhost/a:1", "localhost/a:1"),
        ("registry:5000/a", "registry:5000/a"),
        ("registry:5000/a:1", "registry:5000/a:1"),
        (f"quay.io/a/b@{DIGEST}", f"quay.io/a/b@{DIGEST}"),
        (f"a/b:1@{DIGEST}", f"docker.io/a/b:1@{DIGEST}"),
    ],
)
def test_short_names_get_the_registry_and_path_of_docker_hub(text: str, full: str) -> None:
    assert str(reference(text)) == full


def test_a_reference_is_read_into_its_parts() -> None:
    found = reference(f"registry:5000/mlops/quay.io/a:1@{DIGEST}")
    assert found == Reference(repository="registry:5000/mlops/quay.io/a", tag="1", digest=DIGEST)
    assert found.split == ("registry:5000", "mlops/quay.io/a")
    assert found.undigested == "registry:5000/mlops/quay.io/a:1"
