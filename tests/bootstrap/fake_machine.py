"""A machine in memory: what is on PATH, what each command answers, what each address serves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bootstrap.errors import AttemptFailed

Answer = str | Callable[[list[str]], str]


@dataclass
class FakeMachine:
    """Commands are matched by the start of their words; what matches nothing is not there."""

    path: dict[str, Path] = field(default_factory=dict[str, Path])
    answers: dict[str, Answer] = field(default_factory=dict[str, Answer])
    served: dict[str, bytes] = field(default_factory=dict[str, bytes])
    ran: list[str] = field(default_factory=list[str])
    processor: str = "x86_64"

    def which(self, program: str) -> Path | None:
        return self.path.get(program)

    def run(
        self, *command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> str:
        words = [str(word) for word in command]
        line = " ".join(words)
        self.ran.append(line)
        for start, answer in self.answers.items():
            if line.startswith(start):
                return answer if isinstance(answer, str) else answer(words)
        raise AttemptFailed(f"{words[0]}: No such file or directory")

    def download(self, url: str, target: Path) -> None:
        if url not in self.served:
            raise AttemptFailed(f"{url}: Name or service not known")
        target.write_bytes(self.served[url])

    def kind(self) -> tuple[str, str]:
        return "Linux", self.processor


def fails(reason: str) -> Callable[[list[str]], str]:
    """An answer that is a failure."""

    def answer(_: list[str]) -> str:
        raise AttemptFailed(reason)

    return answer
