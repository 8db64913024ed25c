"""Markers that start at once: one process imports the libraries, and forks for each submission.

It runs in the marker's sandbox.  It never sees anything of a submission or an exercise: it gets
the two ends of a pipe over a socket, and the child that it forks talks through them.  Each child
marks one submission and ends, so no process ever holds data of two students.
"""
from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys

from .channel import Channel

SOCKET = 0  # its standard input


def main() -> None:
    """Fork a marker for each pair of descriptors that arrives."""
    import sympy  # noqa: F401  (imported here once, for all children)
    import torch  # noqa: F401

    from mlebook import catalog, datasets, estimators, proof  # noqa: F401
    from mlebook.exercises import judging  # noqa: F401

    from . import marker

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel collects the children
    server = socket.socket(fileno=os.dup(SOCKET))
    server.sendall(b"r")
    while True:
        word, fds, _, _ = socket.recv_fds(server, 1, 2)
        if not word:
            return
        if os.fork() == 0:
            server.close()
            _serve(marker, *fds)
        for fd in fds:
            os.close(fd)


def _serve(marker, reading: int, writing: int) -> None:
    """Be a marker, then end, whatever happens."""
    code = 1
    with contextlib.suppress(BaseException):
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, SOCKET)
        os.dup2(nothing, 1)
        try:
            marker.serve(Channel(reading, writing))
            code = 0
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    os._exit(code)


if __name__ == "__main__":
    main()
