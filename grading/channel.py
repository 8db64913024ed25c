"""Lines of JSON between a sandboxed process and the broker that started it: the inner end."""
from __future__ import annotations

import json
import os

SETUP = -1  # the number of the set-up cell; the others have their place in the notebook


class Channel:
    """A reading and a writing end; one line is one message, a dict."""

    def __init__(self, reading: int, writing: int):
        self._source = os.fdopen(reading, "rb")
        self._sink = os.fdopen(writing, "wb")

    @classmethod
    def claim(cls) -> Channel:
        """Take standard input and output for messages; what is printed from now on is dropped."""
        reading, writing = os.dup(0), os.dup(1)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        os.close(nothing)
        return cls(reading, writing)

    def read(self) -> dict | None:
        """The next message; None when there will be no more."""
        line = self._source.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def write(self, message: dict) -> None:
        """Send one message."""
        self._sink.write(json.dumps(message, allow_nan=False).encode("ascii") + b"\n")
        self._sink.flush()
