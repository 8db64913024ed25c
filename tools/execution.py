"""Run one chapter cell by cell in a fresh kernel and keep only reproducible outputs."""

import ast
import re
from contextlib import contextmanager

from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
MEMORY_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
HYPHEN = re.compile(r"(?<![\w.\-/#])-(?=\d)")  # where Python writes a minus sign
PERCENT = re.compile(r"(?<=\d)%")  # where a space is missing, one that does not break
IMAGES = ("image/png", "image/jpeg", "image/svg+xml")
TIMEOUT = 300  # seconds for one cell


class CellError(Exception):
    """A cell failed; the message is for the author."""


def has_image(cell):
    """Whether a code cell shows a picture."""
    return any(kind in output.get("data", {}) for output in cell.outputs for kind in IMAGES)


def alt_text(cell):
    """The alt text that the author gave to a cell's picture, or ""."""
    image = cell.metadata.get("mystnb", {}).get("image", {})
    return str(image.get("alt") or "").strip()


def check_outputs(cell):
    """Refuse outputs that would not be the same tomorrow, or that some readers cannot read."""
    for output in cell.outputs:
        text = output.get("text", "") + output.get("data", {}).get("text/plain", "")
        if output.output_type == "error":
            raise CellError(f"the cell shows an error: {output.ename}: {output.evalue}")
        if output.output_type == "stream" and output.name == "stderr":
            raise CellError(f"the cell wrote to stderr (a warning, a progress bar?):\n{text}")
        if MEMORY_ADDRESS.search(text):
            raise CellError(f"an output holds a memory address, new on every run:\n{text}")
    if has_image(cell) and not alt_text(cell):
        raise CellError(
            "a picture without alt text. Give it in the head of the cell:\n"
            '---\nmystnb:\n  image:\n    alt: "what the picture shows"\n---'
        )


class Kernel:
    """A running kernel that executes cells of one notebook and evaluates expressions."""

    def __init__(self, client):
        self.client = client

    def run(self, cell, index):
        """Execute a code cell in place."""
        if not cell.source.strip():
            raise CellError("the cell is empty")
        try:
            self.client.execute_cell(cell, index)
        except CellExecutionError as error:
            raise CellError(ANSI.sub("", error.traceback).strip()) from None
        except CellTimeoutError:
            raise CellError(f"the cell ran for more than {TIMEOUT} s") from None
        except DeadKernelError:
            raise CellError("the kernel died (out of memory?)") from None
        cell.metadata.pop("execution", None)
        check_outputs(cell)

    def value(self, expression, spec=""):
        """A number for the prose: the expression, formatted, as the kernel sees it now."""
        message = self.client.kc.execute(
            "",
            silent=True,
            store_history=False,
            user_expressions={"value": f"format({expression}, {spec!r})"},
        )
        reply = self._reply(message)
        result = reply["content"]["user_expressions"]["value"]
        if result["status"] != "ok":
            raise CellError(
                f"value({expression!r}, {spec!r}): {result['ename']}: {result['evalue']}"
            )
        text = ast.literal_eval(result["data"]["text/plain"])
        return PERCENT.sub("\N{NO-BREAK SPACE}%", HYPHEN.sub("−", text))

    def _reply(self, message):
        while True:
            reply = run_sync(self.client.kc.get_shell_msg)(timeout=TIMEOUT)
            if reply["parent_header"].get("msg_id") == message:
                return reply


@contextmanager
def kernel(notebook, folder):
    """Start a kernel for a notebook in ``folder``; it stops at the end, whatever happens."""
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    )
    with client.setup_kernel():
        yield Kernel(client)
