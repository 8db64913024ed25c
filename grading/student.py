"""The student's process: runs the cells, then answers questions about what they define.

Everything here runs in one process with the student's code, which may do to it what it likes.
So nothing that it sends is believed: to the broker it is data.
"""
from __future__ import annotations

import contextlib
import os
import signal

from mlebook.exercises.answering import reply

from .cells import Notebook, Output, TimeLimit, at_most
from .channel import SETUP, Channel


def serve(channel: Channel) -> None:
    """Run the set-up cell and the cells of the first message, then answer until the end."""
    task, own = channel.read(), os.getpid()
    notebook = Notebook(task["output_characters"], task["setup_seconds"], task["cell_text"])
    for cell in [{"number": SETUP, "id": "setup", "source": task["setup"]}, *task["cells"]]:
        channel.write({"start": cell["number"]})
        output, error = notebook.run(cell["id"], cell["source"])
        if os.getpid() != own:
            os._exit(0)  # a process that the cell forked must not go on as if it were this one
        channel.write({"ran": cell["number"], "output": output, "error": error})
        notebook.seconds = task["seconds"]
    if task["alone"]:
        _end_others()
    channel.write({"ready": True})
    while request := channel.read():
        channel.write({"id": request["id"], **_answer(notebook.names, request, task["seconds"])})


def _end_others() -> None:
    """End the processes that cells left running: nothing else lives in this namespace."""
    with contextlib.suppress(OSError):
        os.kill(-1, signal.SIGKILL)


def _answer(names: dict, request: dict, seconds: float) -> dict:
    silence = Output(0)
    try:
        with (contextlib.redirect_stdout(silence), contextlib.redirect_stderr(silence),
              at_most(seconds)):
            return reply(names, request)
    except TimeLimit:
        return {"error": {"kind": "limit", "text": ""}}
    except BaseException:
        return {"error": {"kind": "raised", "text": ""}}


if __name__ == "__main__":
    messages = Channel.claim()
    os.dup2(1, 2)
    serve(messages)
    os._exit(0)  # whatever threads are left
