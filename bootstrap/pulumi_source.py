"""The Pulumi CLI built from Go modules, for machines that reach the Go proxy but not Pulumi.

go.sum in bootstrap/pulumi-source pins every module by hash. The language hosts are no Go
modules of it: such a CLI rehearses, but `pulumi up` on a real account needs the official one.
"""

from collections.abc import Callable
from pathlib import Path

from bootstrap.go_tool import go_tool
from bootstrap.machine import Machine
from bootstrap.versions import Version, dotted

PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"


def build_from_source(
    machine: Machine, version: Version, source: Path, folder: Path, tell: Callable[[str], None]
) -> None:
    """Build `folder/pulumi`; raises AttemptFailed naming a tool that is missing or too old."""
    go = go_tool(machine)
    tell("building from Go modules: about 3 minutes on two cores, downloads 300 MB")
    machine.run(
        go, "build", "-mod=readonly", "-trimpath", "-buildvcs=false",
        "-ldflags", f"-s -w -X {VERSION_VARIABLE}=v{dotted(version)}",
        "-o", folder / "pulumi", PACKAGE,
        cwd=source,
        # Without cgo no C compiler is needed, and the result runs on any libc.
        env={"CGO_ENABLED": "0", "GOWORK": "off"},
    )  # fmt: skip
