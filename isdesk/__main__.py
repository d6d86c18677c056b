"""``python -m isdesk`` is the command line."""

import sys

from isdesk.cli.main import main

sys.exit(main())
