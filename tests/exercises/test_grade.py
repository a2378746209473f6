"""The grader as a teacher: what it says of files that do not get far, and of bad manners."""

import pytest

from functorch_course.exercises import find, grade

T02, S02, I03 = find("T02"), find("S02"), find("I03")
SIGNATURE = "def change_ends(x, first, last):\n"
RIGHT = SIGNATURE + "    return x.at[0].set(first).at[-1].set(last)\n"


@pytest.fixture
def grade_text(tmp_path):
    def run(text, exercise=T02):
        path = tmp_path / exercise.file_name
        path.write_text(text, encoding="utf-8")
        return grade(exercise, path)

    return run


def test_a_syntax_error_is_shown_with_its_line(grade_text):
    finding = grade_text("\ndef change_ends(x, first, last)\n    return x\n").finding
    assert finding.called == ("running T02.py",)
    assert finding.came == "SyntaxError: expected ':'"
    assert finding.lines == ("line 2: def change_ends(x, first, last)",)


def test_a_null_byte_is_an_error_of_the_file(grade_text):
    assert "null bytes" in grade_text("x = 1\0\n").finding.came


def test_an_error_at_the_top_of_the_file(grade_text):
    finding = grade_text("import jax\n\nprint(undefined)\n").finding
    assert finding.came == "NameError: name 'undefined' is not defined"
    assert finding.lines == ("line 3, in <module>: print(undefined)",)


def test_a_missing_function_is_named_with_those_that_are_there(grade_text):
    finding = grade_text("from math import sin\ndef change_end(x):\n    return x\n").finding
    assert finding.expected == "a definition of change_ends"
    assert finding.came == "a file that defines change_end"
    assert grade_text("").finding.came == "a file that defines nothing"


def test_a_variable_is_not_the_function(grade_text):
    assert grade_text("change_ends = 3\n").finding.expected == "a definition of change_ends"


def test_an_exception_shows_only_the_learner_s_own_lines(grade_text):
    text = SIGNATURE + "    return helper(x)\n\ndef helper(x):\n    return x.reshape(7, 9)\n"
    finding = grade_text(text).finding
    assert finding.came.startswith("TypeError: cannot reshape array")
    assert finding.lines == (
        "line 2, in change_ends: return helper(x)",
        "line 5, in helper: return x.reshape(7, 9)",
    )


def test_what_jax_does_not_implement_is_no_stub(grade_text):
    verdict = grade_text(SIGNATURE + "    return x.view(-1, 1)\n")
    assert not verdict.unwritten
    assert verdict.finding.came.startswith("NotImplementedError: ")
    assert verdict.finding.lines == ("line 2, in change_ends: return x.view(-1, 1)",)


def test_the_wrong_number_of_parameters_is_an_error_of_the_call(grade_text):
    finding = grade_text("def change_ends(x):\n    return x\n").finding
    assert "takes 1 positional argument but 3 were given" in finding.came


@pytest.mark.parametrize(
    ("call", "came"),
    [
        ("sys.exit(3)", "sys.exit(3)"),
        ("sys.exit()", "sys.exit()"),
        ("exit('bye')", "sys.exit('bye')"),
    ],
)
def test_an_exit_is_told(call, came, grade_text):
    finding = grade_text(f"import sys\n{SIGNATURE}    {call}\n").finding
    assert finding.came == came
    assert finding.meaning == "return the answer: the program goes on after it"


@pytest.mark.parametrize(
    ("head", "came"), [("", "KeyboardInterrupt"), ("class Stop(BaseException): pass", "Stop")]
)
def test_an_exception_that_is_no_error_is_told_too(head, came, grade_text):
    text = f"{head}\n{SIGNATURE}    raise {came}\n"
    finding = grade_text(text).finding
    assert finding.came.endswith(came)
    assert finding.lines == (f"line 3, in change_ends: raise {came}",)
    assert grade_text(f"{head}\nraise {came}\n").failed == "the file runs"


def test_an_endless_recursion_is_cut(grade_text):
    finding = grade_text(SIGNATURE + "    return change_ends(x, first, last)\n").finding
    assert finding.came.startswith("RecursionError: maximum recursion depth exceeded")
    assert len(finding.lines) == 5
    assert finding.lines[2].endswith("lines more")


@pytest.mark.parametrize(
    "text", ["change_ends = max\n", "def change_ends(*given):\n    return 1\n"]
)
def test_a_function_that_does_not_name_its_parameters(text, grade_text):
    assert grade_text(text).failed == "values"


def test_every_argument_must_stay_as_it_is_though_it_has_no_name(grade_text):
    text = (
        "import numpy as np\n"
        "def collate(*given):\n"
        "    images, labels = zip(*given[0])\n"
        "    given[0].pop()\n"
        "    return np.stack(images), np.array(labels)\n"
    )
    finding = grade_text(text, find("I06")).finding
    assert finding.meaning.startswith("the call changed the given that it was given")


def test_a_gradient_of_a_function_that_does_not_name_its_parameters(grade_text):
    text = "def layer(*given):\n    x, weight, bias = given\n    return weight @ x + bias\n"
    assert grade_text(text, find("O02")).passed


ODD = """class Odd({base}):
    {decorator}
    def {method}(self, *given):
        raise ValueError('odd')
"""


@pytest.mark.parametrize("method", ["__repr__", "dtype"])
def test_a_value_that_fails_when_it_is_looked_at_is_a_mistake(method, grade_text):
    odd = ODD.format(base="", method=method, decorator="@property" if method == "dtype" else "")
    finding = grade_text(f"{odd}{SIGNATURE}    return Odd()\n").finding
    assert finding.expected.endswith("(int32, shape (5,))")
    assert finding.came == "ValueError: odd"
    assert finding.lines == (f"line 4, in {method}: raise ValueError('odd')",)


@pytest.mark.parametrize("method", ["__len__", "__deepcopy__"])
def test_a_value_that_fails_when_it_is_compared_is_a_mistake(method, grade_text):
    odd = ODD.format(base="tuple", method=method, decorator="")
    right = "    return Odd((np.stack(images), np.array(labels)))\n"
    text = f"import numpy as np\n{odd}def collate(pairs):\n    images, labels = zip(*pairs)\n"
    assert grade_text(text + right, find("I06")).finding.came == "ValueError: odd"


def test_an_exit_with_a_code_that_cannot_be_shown_is_a_mistake(grade_text):
    odd = ODD.format(base="", method="__repr__", decorator="")
    finding = grade_text(f"{odd}{SIGNATURE}    raise SystemExit(Odd())\n").finding
    assert finding.came == "ValueError: odd"


def test_a_second_answer_and_an_argument_that_cannot_be_shown_are_mistakes(grade_text):
    odd = ODD.format(base="", method="__repr__", decorator="")
    text = RIGHT.replace("return", "calls.append(1)\n    return Odd() if len(calls) > 1 else")
    assert grade_text(f"calls = []\n{odd}{text}").finding.came == "ValueError: odd"
    left = "def collate(pairs):\n    images, labels = zip(*pairs)\n    pairs.append(Odd())\n"
    right = "    return np.stack(images), np.array(labels)\n"
    text = f"import numpy as np\n{odd}{left}{right}"
    assert grade_text(text, find("I06")).finding.came == "ValueError: odd"


def test_a_dataclass_may_be_an_answer(grade_text):
    text = (
        "from __future__ import annotations\n"
        "from dataclasses import dataclass\n"
        "@dataclass\n"
        "class AddMultiply:\n"
        "    add_x: float = 1\n"
        "    mul_y: float = 1\n"
        "    def __call__(self, sample):\n"
        "        return sample[0] + self.add_x, sample[1] * self.mul_y\n"
    )
    assert grade_text(text, S02).passed


def test_a_long_message_is_cut(grade_text):
    finding = grade_text(SIGNATURE + "    raise ValueError('line\\n' * 40)\n").finding
    assert finding.came.splitlines() == ["ValueError: line", *["line"] * 5, "…"]


def test_prints_and_warnings_are_noted_and_no_mistake(grade_text, capsys):
    text = "import warnings\nprint('one')\nwarnings.warn('beware')\n" + RIGHT
    verdict = grade_text(text)
    assert verdict.passed
    assert verdict.notes == ("it prints a line, beginning with 'one'", "warning: beware")
    assert capsys.readouterr() == ("", "")


def test_a_warning_that_says_nothing_is_noted_all_the_same(grade_text):
    verdict = grade_text(f"import warnings\nwarnings.warn('')\n{RIGHT}")
    assert verdict.passed
    assert verdict.notes == ("warning: ",)


def test_the_first_failing_case_is_shown_as_it_was_called(grade_text):
    verdict = grade_text(SIGNATURE + "    return x\n")
    assert verdict.failed == "values"
    call, x, first, last = verdict.finding.called
    assert call == "change_ends(x, first, last)"
    assert x.startswith("x = [")
    assert x.endswith("(int32, shape (5,))")
    assert (first, last) == ("first = 100", "last = 0")
    assert "of 5 values differ, the first at index 0: 100 was expected" in verdict.finding.meaning


def test_another_answer_the_second_time_is_a_mistake(grade_text):
    text = (
        "calls = []\n"
        "def change_ends(x, first, last):\n"
        "    calls.append(1)\n"
        "    y = x.at[0].set(first).at[-1].set(last)\n"
        "    return y if len(calls) % 2 else y + 1\n"
    )
    assert grade_text(text).finding.meaning == "the second call gave another answer"
    assert grade_text(text.replace("y + 1", "y")).passed


def test_a_buffer_of_numpy_that_was_written_to_is_a_mistake(grade_text):
    text = (
        "import numpy as np\n"
        "def normalize(image, mean, std):\n"
        "    image -= np.float32(mean)[:, None, None]\n"
        "    return image / np.float32(std)[:, None, None]\n"
    )
    meaning = "the call changed the image that it was given: make a new value instead"
    assert grade_text(text, I03).finding.meaning == meaning


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("import random; random.random()", "random"),
        ("import numpy; numpy.random.seed(0)", "np.random"),
        ("import functorch_course as fc; fc.manual_seed(3)", "fc.manual_seed"),
    ],
)
def test_the_shared_random_state_stays_as_it_is(line, name, grade_text):
    finding = grade_text(RIGHT.replace("return", f"{line}\n    return")).finding
    assert finding.came == f"a call that draws from, or seeds, the generator of {name}"


def test_a_class_without_its_method(grade_text):
    text = "class AddMultiply:\n    def __init__(self, add_x=1, mul_y=1):\n        pass\n"
    assert "object is not callable" in grade_text(text, S02).finding.came


def test_nothing_is_written_beside_the_file(grade_text, tmp_path):
    grade_text(RIGHT)
    assert [path.name for path in tmp_path.iterdir()] == ["T02.py"]


def test_a_wrong_gradient_is_shown_with_the_weights_it_was_asked_for(grade_text):
    text = (
        "import jax\n"
        "def layer(x, weight, bias):\n"
        "    return jax.lax.stop_gradient(weight) @ x + bias\n"
    )
    verdict = grade_text(text, find("O02"))
    assert (verdict.checks, verdict.failed) == (("values",), "gradient")
    call, *arguments = verdict.finding.called
    assert call == "the gradient of (v * layer(x, weight, bias)).sum() at argument 2"
    assert [line.split(" = ")[0] for line in arguments] == ["x", "weight", "bias", "v"]
    assert verdict.finding.came == "[[0, 0, 0], [0, 0, 0]] (float32, shape (2, 3))"
