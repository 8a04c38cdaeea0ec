"""Completion in real shells: a line is typed, Tab is pressed, and the shell shows the line that it has now."""

import os
import pty
import re
import select
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from e2e.running import COMMAND

SHELLS: Final = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
}

SET_UP: Final = {
    "bash": r"""PS1='> '; bind 'set enable-bracketed-paste off'; bind -x '"\C-x": echo "LINE<$READLINE_LINE>"'; """
    'eval "$(reconciler completion bash)"; echo READY $((1+1))',
    "zsh": "PS1='> '; autoload -U compinit; compinit -D -u; show() { print -r -- \"LINE<$BUFFER>\" }; zle -N show; "
    'bindkey "^X" show; eval "$(reconciler completion zsh)"; echo READY $((1+1))',
    "fish": """function show; echo "LINE<"(commandline)">"; end; bind \\cx show; """
    "reconciler completion fish | source; echo READY (math 1+1)",
}

MANIFEST: Final = """
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: pets}
spec:
  api: {name: pets}
  deploy: {stages: [blue]}
  resources:
    /pets:
      GET:
        responses:
          "200": {}
"""

_SECONDS: Final = 60


class Shell:
    """An interactive shell with completion, in a folder."""

    def __init__(self, name: str, folder: Path) -> None:
        self._seen = ""
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("RECONCILER", "LC_"))},
            "PATH": f"{Path(COMMAND).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "TERM": "xterm",
            "LANG": "C.UTF-8",
        }
        self.process, self._terminal = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execvpe(SHELLS[name][0], SHELLS[name], environment)  # noqa: S606 - the shell itself
        self.type(f"{SET_UP[name]}\r")
        self._wait_for(r"READY 2")

    def type(self, text: str) -> None:
        """Type it."""
        os.write(self._terminal, text.encode())

    def completed(self, line: str) -> str:
        """The line after Tab."""
        self.type(f"{line}\t")
        time.sleep(0.1)
        self.type("\x18")
        shown = self._wait_for(r"LINE<([^\r\n]*)>\r?\n")
        self.type("\x15")
        return shown[1].rstrip()

    def _wait_for(self, pattern: str) -> re.Match[str]:
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end:
            if match := re.search(pattern, self._seen):
                self._seen = self._seen[match.end() :]
                return match
            if select.select([self._terminal], [], [], 0.2)[0]:
                self._seen += os.read(self._terminal, 65_536).decode(errors="replace")
        message = f"{pattern} is not in {self._seen!r}"
        raise AssertionError(message)

    def end(self) -> None:
        """End it."""
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self._terminal)


@pytest.fixture(scope="module", params=SHELLS)
def shell(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Shell]]:
    """A shell in a project."""
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "manifests").mkdir()
    (folder / "manifests" / "pets.yaml").write_text(MANIFEST)
    (folder / "reconciler.yaml").write_text(
        "apiVersion: reconciler/v1\nkind: Config\nmanifests: [manifests/]\nenvironments: {prod: {}, test: {}}\n"
    )
    (folder / "a $(x) b.yaml").write_text("")
    started = Shell(request.param, folder)
    yield request.param, started
    started.end()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("reconciler val", "reconciler validate"),
        ("reconciler -v dr", "reconciler -v drift"),
        ("reconciler plan --env=pr", "reconciler plan --env=prod"),
        ("reconciler plan --env test,pr", "reconciler plan --env test,prod"),
        ("reconciler plan man", "reconciler plan manifests/"),
        ("reconciler plan --format json=reconciler.y", "reconciler plan --format json=reconciler.yaml"),
        ("reconciler nosuch", "reconciler nosuch"),
    ],
)
def test_completes(shell: tuple[str, Shell], line: str, expected: str) -> None:
    """What is possible here."""
    assert expected == shell[1].completed(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("reconciler plan --only pe", {"'pets: GET /pets 200'", "pets:\\ GET\\ /pets\\ 200"}),
        ("reconciler plan --only pets:", {"pets:\\ GET\\ /pets\\ 200", "'pets: GET /pets 200'"}),
        ("reconciler plan --only=pets:", {"pets:\\ GET\\ /pets\\ 200", "'pets: GET /pets 200'"}),
        ("reconciler plan --only 'pets: G", {"'pets: GET /pets 200'"}),
        ('reconciler plan --only "pets: G', {'"pets: GET /pets 200"', "'pets: GET /pets 200'"}),
        ("reconciler plan --only pets:\\ G", {"pets:\\ GET\\ /pets\\ 200", "'pets: GET /pets 200'"}),
        ("reconciler plan a", {"'a $(x) b.yaml'", "a\\ \\$\\(x\\)\\ b.yaml", "a\\ \\$(x)\\ b.yaml"}),
    ],
)
def test_quotes(shell: tuple[str, Shell], line: str, expected: set[str]) -> None:
    """Spaces, colons and what a shell would execute, as one word."""
    completed = shell[1].completed(line)

    assert completed.removeprefix("reconciler plan ").removeprefix("--only").lstrip(" =") in expected
