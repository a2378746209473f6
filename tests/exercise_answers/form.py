"""Right and wrong answers to an exercise, as the text that a learner would write."""

import textwrap
from dataclasses import dataclass

from functorch_course.exercises import Exercise

STUB_BODY = "    raise NotImplementedError"


@dataclass(frozen=True)
class Answers:
    """A right answer, and wrong ones by the name of the mistake.

    An answer is the body of the stub's function, or a whole class in place of the stub. A wrong
    one may also be a pair: what to replace in the right one, and by what.
    """

    right: str
    wrong: dict[str, str | tuple[str, str]]

    def wrong_text(self, mistake: str) -> str:
        """Return the text of a wrong answer."""
        text = self.wrong[mistake]
        if isinstance(text, str):
            return text
        old, new = text
        assert old in self.right, f"{mistake}: {old!r} is not in the right answer"
        return self.right.replace(old, new, 1)


def file_text(exercise: Exercise, answer: str) -> str:
    """Return the learner's file with an answer in it."""
    answer = answer.strip("\n")
    if answer.startswith("class "):
        return exercise.page().replace(exercise.stub, answer)
    page = exercise.page()
    assert page.count(STUB_BODY) == 1, f"{exercise.id}: write the whole class"
    return page.replace(STUB_BODY, textwrap.indent(answer, "    "))
