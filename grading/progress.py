"""How far a run is: a bar in a terminal, now and then a plain line elsewhere."""

import sys
import time

SECONDS_BETWEEN_LINES = 30


class Progress:
    """Counts submissions. Use in ``with``; writes to standard error."""

    def __init__(self, total, done=0, stream=None):
        """``done`` of ``total`` were graded in an earlier run."""
        self.total, self.done = total, done
        self.stream = stream or sys.stderr
        self._bar = None
        self._last = time.monotonic()

    def __enter__(self):
        if self.stream.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=self.total, initial=self.done, unit=" graded", file=self.stream)
        else:
            self._line()
        return self

    def __exit__(self, *error):
        if self._bar is not None:
            self._bar.close()

    def _line(self):
        self._last = time.monotonic()
        print(f"graded {self.done} of {self.total} submissions", file=self.stream, flush=True)

    def step(self):
        """One more is graded."""
        self.done += 1
        if self._bar is not None:
            self._bar.update()
        elif self.done == self.total or time.monotonic() - self._last > SECONDS_BETWEEN_LINES:
            self._line()

    def say(self, text):
        """A message that does not break the bar."""
        if self._bar is not None:
            self._bar.write(text, file=self.stream)
        else:
            print(text, file=self.stream, flush=True)
