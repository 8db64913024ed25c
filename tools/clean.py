"""Delete what can be made again: _build and the caches. Never .venv, never a chapter."""

import shutil

from tools.environment import ROOT

MADE = ["_build", ".pytest_cache", ".ruff_cache", ".hypothesis", "mlebook.egg-info"]


def main(root=ROOT):
    """Remove each of them that exists."""
    for name in MADE:
        if (root / name).exists():
            shutil.rmtree(root / name)
            print(f"deleted {name}")


if __name__ == "__main__":
    main()
