"""What griffe, which reads the library for the reference, calls for each docstring."""

import griffe

from docsite.docstrings import in_markdown


class HouseStyle(griffe.Extension):
    """Rewrites every docstring before it is read."""

    def on_instance(self, *, obj: griffe.Object, **_: object) -> None:
        """Rewrite one docstring."""
        if obj.docstring is not None:
            obj.docstring.value = in_markdown(obj.docstring.value)
