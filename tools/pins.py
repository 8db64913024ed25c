"""Compare what is installed with requirements.txt."""

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from packaging.requirements import Requirement

from tools.environment import ROOT

# The stored figures were drawn here. Elsewhere the last digit of a float may move a pixel.
DRAWN_ON = ("linux", "x86_64")


def pins(text):
    """The requirements in a lock file that hold for this Python and this system."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    found = [Requirement(line) for line in lines if line]
    return [pin for pin in found if pin.marker is None or pin.marker.evaluate()]


def mismatches(text=None):
    """Each pinned package of which another version is installed, as ``name: found, not pinned``."""
    text = text or (ROOT / "requirements.txt").read_text(encoding="utf-8")
    wrong = []
    for pin in pins(text):
        try:
            installed = version(pin.name)
        except PackageNotFoundError:
            installed = "nothing"
        # torch calls its CPU build 2.13.0+cpu; == takes that for 2.13.0
        if installed == "nothing" or not pin.specifier.contains(installed, prereleases=True):
            wrong.append(f"{pin.name}: {installed}, not {pin.specifier}")
    return wrong


def same_machine():
    """Whether this system is of the kind the stored figures were drawn on."""
    return (sys.platform, platform.machine()) == DRAWN_ON
