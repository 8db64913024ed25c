"""``python -m mlebook.certificate``."""
import sys

from mlebook.certificate import main

sys.exit(main())
