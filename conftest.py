"""Settings of all tests: the environment of the chapters, and pictures compared by nbval."""

import pytest

from tools import pins
from tools.environment import make_reproducible

make_reproducible()


def pytest_addoption(parser):
    """``--nbval-png``: whether a stored picture must equal the one drawn now."""
    parser.addoption(
        "--nbval-png",
        choices=["auto", "on", "off"],
        default="auto",
        help="compare PNG outputs; auto: where the pins of requirements.txt are installed",
    )


def pictures_compared(config):
    """Whether to compare, and why."""
    choice = config.getoption("--nbval-png")
    if choice != "auto":
        return choice == "on", "as asked"
    if not pins.same_machine():
        return False, f"they were drawn on {' '.join(pins.DRAWN_ON)}"
    wrong = pins.mismatches()
    return not wrong, "; ".join(wrong[:3]) or "the pins are installed"


def pytest_report_header(config):
    """Say at the top whether pictures are compared."""
    compared, why = pictures_compared(config)
    return f"pictures in notebooks: {'compared' if compared else 'NOT compared'} ({why})"


@pytest.hookimpl(tryfirst=True)
def pytest_collectstart(collector):
    """Put PNG back among what nbval compares; it leaves it out by itself."""
    if getattr(collector, "skip_compare", None) and pictures_compared(collector.config)[0]:
        collector.skip_compare = tuple(
            kind for kind in collector.skip_compare if kind != "image/png"
        )
