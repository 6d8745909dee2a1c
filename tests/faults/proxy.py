"""A bad line between phones and the server: a TCP proxy that cuts, delays, repeats and drops, as it is told.

What befalls a request stands in its header `X-Fault`, which is taken out on the way, or is the next of `plan` where
the sender cannot say it (a browser; only `POST …/submission` counts then). A connection carries one request.
"""

import contextlib
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator

HERE = "127.0.0.1"
PATIENCE = 30.0  # seconds after which the line is dead
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing throws away what was not read
ANSWERED = ("", "twice", "at once", "delay", "dribble", "later")  # after these the sender gets a whole answer


class Proxy:
    """Listens on a port of its own and passes on to the server's. `faults` maps a name to what it does."""

    def __init__(self, server: int) -> None:
        self.server = server
        self.plan: deque[str] = deque()
        self.done: list[str] = []  # faults that have befallen a request
        self.late: list[bytes] = []  # requests to be repeated at the end
        self.faults: dict[str, Callable[[socket.socket, bytes], None]] = {
            "": self._pass, "cut before": self._cut_before, "cut request": self._cut_request,
            "cut answer": self._cut_answer, "drop answer": self._drop_answer, "hang up": self._hang_up,
            "twice": self._twice, "at once": self._at_once, "delay": self._delay, "dribble": self._dribble,
            "later": self._later,
        }  # fmt: skip
        self._ear = socket.create_server((HERE, 0), backlog=64)
        self.port: int = self._ear.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        self._ear.close()

    def repeat_late(self) -> None:
        """Requests that went astray arrive once more, long after they were answered; nobody hears the answer."""
        while self.late:
            self._asked(self.late.pop())

    # --- one connection --------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _who = self._ear.accept()
                threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with line, contextlib.suppress(OSError):
            line.settimeout(PATIENCE)
            request = read_message(line)
            if request:
                fault, request = self._fault_of(request)
                self.faults[fault](line, request)

    def _fault_of(self, request: bytes) -> tuple[str, bytes]:
        head, gap, body = request.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        said = [text for text in lines if text.lower().startswith(b"x-fault:")]
        fault = said[0].split(b":", 1)[1].strip().decode() if said else ""
        if not said and self.plan and lines[0].startswith(b"POST") and b"/submission" in lines[0]:
            fault = self.plan.popleft()
        dropped = (b"x-fault:", b"connection:", b"keep-alive:")
        kept = [text for text in lines if not text.lower().startswith(dropped)]
        if fault:
            self.done.append(fault)
        return fault, b"\r\n".join([*kept, b"Connection: close"]) + gap + body

    # --- what befalls it -------------------------------------------------------------------------------------------

    def _asked(self, request: bytes) -> bytes:
        """The server's answer, whole."""
        with self._sent(request) as line:
            return b"".join(iter(lambda: line.recv(65536), b""))

    @contextlib.contextmanager
    def _sent(self, request: bytes) -> Iterator[socket.socket]:
        with socket.create_connection((HERE, self.server), PATIENCE) as line:
            line.sendall(request)
            yield line

    def _pass(self, line: socket.socket, request: bytes) -> None:
        line.sendall(self._asked(request))

    def _cut_before(self, line: socket.socket, _request: bytes) -> None:
        cut(line)

    def _cut_request(self, line: socket.socket, request: bytes) -> None:
        """Half of it reaches the server."""
        with self._sent(request[: len(request) // 2]) as there:
            cut(there)
        cut(line)

    def _cut_answer(self, line: socket.socket, request: bytes) -> None:
        answer = self._asked(request)
        line.sendall(answer[: len(answer) // 2])
        cut(line)

    def _drop_answer(self, line: socket.socket, request: bytes) -> None:
        self._asked(request)
        cut(line)

    def _hang_up(self, line: socket.socket, request: bytes) -> None:
        """The sender is gone at once: while the server is still at it, the same may come again."""
        cut(line)
        self._asked(request)

    def _twice(self, line: socket.socket, request: bytes) -> None:
        self._asked(request)
        line.sendall(self._asked(request))

    def _at_once(self, line: socket.socket, request: bytes) -> None:
        """Three of the same at one moment; the sender hears the first answer."""
        answers: list[bytes] = []
        ready = threading.Barrier(3)

        def ask() -> None:
            with socket.create_connection((HERE, self.server), PATIENCE) as there:
                ready.wait(PATIENCE)
                there.sendall(request)
                answers.append(b"".join(iter(lambda: there.recv(65536), b"")))

        threads = [threading.Thread(target=ask, daemon=True) for _n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        line.sendall(answers[0])

    def _delay(self, line: socket.socket, request: bytes) -> None:
        time.sleep(0.01)
        answer = self._asked(request)
        time.sleep(0.01)
        line.sendall(answer)

    def _dribble(self, line: socket.socket, request: bytes) -> None:
        """It comes in small pieces."""
        size = max(1, len(request) // 8)
        with socket.create_connection((HERE, self.server), PATIENCE) as there:
            for start in range(0, len(request), size):
                there.sendall(request[start : start + size])
                time.sleep(0.001)
            line.sendall(b"".join(iter(lambda: there.recv(65536), b"")))

    def _later(self, line: socket.socket, request: bytes) -> None:
        """It is answered now, and comes a second time at the very end."""
        self.late.append(request)
        self._pass(line, request)


def cut(line: socket.socket) -> None:
    """End a connection so that the other side sees a break, not an end."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    line.close()


def read_message(line: socket.socket) -> bytes:
    """One HTTP message with its body, by Content-Length or in chunks; b"" where the other side said nothing whole."""
    data = bytearray()
    while (at := data.find(b"\r\n\r\n")) < 0:
        if not (part := line.recv(65536)):
            return b""
        data += part
    heads = {
        name.strip().lower(): value.strip()
        for name, _colon, value in (text.partition(b":") for text in bytes(data[:at]).split(b"\r\n")[1:])
    }
    if heads.get(b"transfer-encoding", b"").lower() == b"chunked":
        while not data.endswith(b"0\r\n\r\n"):
            if not (part := line.recv(65536)):
                return b""
            data += part
        return bytes(data)
    whole = at + 4 + int(heads.get(b"content-length", b"0"))
    while len(data) < whole:
        if not (part := line.recv(65536)):
            return b""
        data += part
    return bytes(data)
