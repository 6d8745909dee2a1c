"""The program served as `./run` serves it: begun on a free port, awaited, ended. For tests, pictures and measurements.

A busy machine may take a minute and more to begin; nobody here gives up earlier than it is hopeless.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parent.parent
PATIENCE = 240.0  # seconds until it answers
LAST = 60.0  # seconds for what it has in hand when it is to end
APP = "sanxiao.web.wsgi:application"
AS_FOR_A_TOWN = (
    "--workers", "2", "--blocking-threads", "4", "--backlog", "512", "--backpressure", "64", "--log-level", "warning",
)  # fmt: skip
FOR_ONE = ("--workers", "1", "--log-level", "warning")


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def begin(
    port: int, env: Mapping[str, str], *options: str, app: str = APP, out: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Begin and wait until it answers. `options` of the server beside those for all; `out` gets what it prints.

    Raises TimeoutError when it never answers, ChildProcessError when it ended by itself.
    """
    granian = Path(sys.executable).with_name("granian")
    command = [str(granian), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws", *options]
    known = {**env, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen([*command, app], cwd=ROOT, env=known, stdout=out, stderr=out)
    try:
        _await(f"http://127.0.0.1:{port}/healthz", server)
    except BaseException:
        end(server)
        raise
    return server


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise ChildProcessError("the server did not start")
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=30):
            return
        time.sleep(0.1)
    raise TimeoutError(url)


def end(server: subprocess.Popen[Any]) -> None:
    """End it, gently where it lets itself be ended."""
    server.terminate()
    try:
        server.wait(LAST)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@contextlib.contextmanager
def served(
    port: int, env: Mapping[str, str] = os.environ, *options: str, app: str = APP, out: IO[bytes] | None = None
) -> Iterator[str]:
    """Served for a while; gives the address."""
    server = begin(port, env, *options, app=app, out=out)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        end(server)
