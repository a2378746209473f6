"""``python -m functorch_course.cli`` is ``functorch-course``."""

import sys

from .main import main

sys.exit(main())
