"""``python -m functorch_course.exercises.child FILE ID SEED LIMIT``: grade one file, and end.

The verdict leaves as JSON through the process's own standard output, which the learner's prints do
not reach. At the limit the process says on standard error where it was, and ends itself.
"""

import dataclasses
import faulthandler
import json
import os
import sys
from pathlib import Path

from functorch_course.exercises.catalogue import find
from functorch_course.exercises.grade import grade, start_jax
from functorch_course.exercises.process import READY


def main(path: str, exercise_id: str, seed: str, limit: str) -> None:
    """Grade a file."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0) as channel:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        start_jax()  # which is not to be counted against the learner
        channel.write(READY)
        faulthandler.dump_traceback_later(float(limit), exit=True)
        verdict = grade(find(exercise_id), Path(path), int(seed))
        faulthandler.cancel_dump_traceback_later()
        channel.write(json.dumps(dataclasses.asdict(verdict)).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
