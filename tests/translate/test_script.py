"""Whole scripts: imports, what variables hold, the training loop, and any Python at all."""

import ast
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functorch_course.translate import ScriptError, as_program, as_text, translate_script

ROOT = Path(__file__).parent.parent.parent
FILES = sorted(p for part in ("src", "tests", "scripts") for p in (ROOT / part).rglob("*.py"))
LOOP = """
import torch
from torch import nn, optim

model = nn.Linear(2, 1)
criterion = nn.MSELoss()
optimizer = optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    model.train()
    for inputs, labels in loader:
        inputs = inputs.to(device)
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
    print(loss.item())
"""


def here(source):
    """What each statement becomes, by its line in the source."""
    return {line.number: line.here for line in translate_script(source).lines}


def program(source):
    return as_program(translate_script(source))


def test_imports_are_followed_by_any_name():
    source = "import torch as t\nimport torch.nn.functional as G\nfrom torch import zeros as z\n"
    found = here(source + "a = t.ones(2)\nb = G.relu(a)\nc = z(3)\n")
    assert list(found.values()) == [
        *("", "", ""),
        "a = fc.tensor.ones(2)",
        "b = fc.nn.relu(a)",
        "c = fc.tensor.zeros(3)",
    ]


def test_other_imports_stay():
    assert program("import torch, os\nimport numpy as np\n") == ("import os\nimport numpy as np\n")


def test_what_is_known_to_be_no_tensor_stays():
    source = "import numpy as np\na = np.ones(3)\nb = a.sum()\nc = ' '.view(1)\nd = [1].copy()\n"
    assert set(here(source).values()) == set(source.splitlines())


def test_a_guess_says_so():
    source = "def f(a):\n    return a.unsqueeze(0)\n"
    (note,) = translate_script(source).lines[1].notes
    assert note.text == "if a is a tensor"


def test_a_tensor_is_followed_through_functions_loops_and_attributes():
    source = """
import torch
from torch import nn
def load() -> torch.Tensor: ...
class Net(nn.Module):
    def __init__(self):
        self.scale = torch.ones(3)
        self.linear = nn.Linear(3, 1)
    def forward(self, batch):
        return self.linear(batch).mean() * self.scale.max()
images = load()
a, b = images.mean(), images.shape
for row in images:
    row.sum()
"""
    found = list(here(source).values())
    assert "return fc.tensor.mean(self.linear(batch)) * fc.tensor.max(self.scale)" in found
    assert "def __call__(self, batch):" in found
    assert "a, b = (fc.tensor.mean(images), images.shape)" in found
    assert "fc.tensor.sum(row)" in found


def test_the_training_loop_becomes_a_step():
    assert (
        program(LOOP).splitlines()
        == """
import functorch_course as fc
import jax

model = fc.nn.Linear(2, 1)
criterion = fc.nn.mse_loss
optimizer = fc.optim.SGD(lr=0.1)
step = jax.jit(fc.training.make_step(model, criterion, optimizer))
state = fc.training.start(model, optimizer)
for epoch in range(3):
    model.train()
    for inputs, labels in loader:
        state, loss = step(state, inputs, labels)
    model = fc.training.with_arrays(model, state.parameters, state.buffers)
    print(fc.tensor.item(loss))
""".splitlines()
    )


STEP = "        state, loss = step(state, inputs, labels)"
TRAINED = "model = fc.training.with_arrays(model, state.parameters, state.buffers)"


@pytest.mark.parametrize("line", ["print(outputs)", "watch(model)", "model.weight.sum()"])
def test_what_reads_the_model_between_updates_gets_the_one_of_now(line):
    used = LOOP.replace("optimizer.step()", f"optimizer.step()\n        {line}")
    lines = program(used).splitlines()
    assert lines[lines.index(STEP) + 1] == f"        {TRAINED}"
    assert lines.count(f"    {TRAINED}") == 0
    assert ("        outputs = model(inputs)" in lines) == (line == "print(outputs)")


def test_switching_the_mode_reads_nothing():
    used = LOOP.replace("optimizer.zero_grad()", "model.train()\n        model.zero_grad()")
    assert f"    {TRAINED}" in program(used).splitlines()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        optimizer.zero_grad()\n", ""),  # PyTorch then adds all gradients up
        ("        loss.backward()\n", "        loss.backward()\n        other.backward()\n"),
        ("        optimizer.step()\n", "        optimizer.step()\n        optimizer.step()\n"),
    ],
)
def test_a_loop_that_does_something_else_is_explained(old, new):
    script = translate_script(LOOP.replace(old, new))
    assert script.counts()["explain"] >= 2
    assert not any(line.before for line in script.lines)


@pytest.mark.parametrize(
    "change",
    [
        *(
            "loss /= 4",
            "loss += penalty",
            "if l2: loss = loss + penalty",
            "loss = loss.clamp(0, 1)",
        ),
        *("outputs *= 2", "outputs = outputs.sigmoid()", "loss.div_(4)", "(loss := 2)"),
    ],
)
def test_a_loss_or_an_output_that_is_changed_again_is_explained(change):
    before = "loss.backward()" if "loss" in change else "loss = criterion"
    script = translate_script(LOOP.replace(before, f"{change}\n        {before}"))
    assert script.counts()["explain"] >= 2  # backward and step
    assert not any(line.before for line in script.lines)


def test_a_loss_with_two_names_is_explained():
    script = translate_script(LOOP.replace("loss = criterion", "loss = last = criterion"))
    assert not any(line.before for line in script.lines)


def test_names_that_are_taken_are_not_used():
    assert "state_, loss = step_(state_, inputs, labels)" in program(LOOP + "step = state = 1\n")


def test_a_model_that_is_an_argument_must_be_returned():
    inside = "def train(model, loader):\n" + "".join(f"    {line}\n" for line in LOOP.splitlines())
    lines = translate_script(inside.replace("    model = nn.Linear(2, 1)\n", "")).lines
    (explained,) = (line for line in lines if line.verdict == "explain")
    assert explained.source.strip() == "for inputs, labels in loader:"
    assert explained.notes[-1].text.startswith("`model` is an argument, and stays as it was")
    assert not [n for n in translate_script(LOOP).lines if n.verdict == "explain"]


def test_a_loop_that_is_not_the_usual_one_is_explained():
    other = LOOP.replace("criterion(outputs, labels)", "(outputs - labels).square().mean()")
    verdicts = [line.verdict for line in translate_script(other).lines]
    assert verdicts.count("explain") == 2  # backward and step


def test_no_grad_goes_and_its_body_stays():
    source = "import torch\nwith torch.no_grad():\n    y = torch.ones(2)\n    print(y)\n"
    assert program(source) == ("import functorch_course as fc\ny = fc.tensor.ones(2)\nprint(y)\n")
    text = source.replace("print(y)", 'print("""a\n    b""")')
    assert "if True:\n" in program(text)  # moving its lines would change the text


def test_what_is_left_to_do_by_hand_is_marked():
    source = "import torch\nif x:\n    y.backward()\nelif torch.zzzz(x):\n    pass\n"
    lines = program(source).splitlines()
    assert lines[1].startswith("    # by hand: `fc.autograd.grad(f)(x)`")
    assert "    y.backward()" in lines
    assert "# by hand: torch.zzzz is not in the dictionary" in lines
    ast.parse("\n".join(lines))


def test_a_body_of_which_nothing_is_needed_is_still_a_body():
    source = "def f(optimizer):\n    optimizer.zero_grad()\n"
    assert program(source) == "def f(optimizer):\n    pass\n"


def test_elif_decorators_and_several_statements_on_a_line():
    source = (
        "import torch\n@torch.no_grad()\ndef f(x: torch.Tensor):\n    if x: pass\n"
        "    elif torch.ones(1): y = 1; z = torch.zeros(2)\n    else:\n        pass\n"
    )
    ast.parse(program(source))
    assert "fc.tensor.zeros(2)" in program(source)
    assert "no_grad" not in program(source)


TWINS = sorted((ROOT / "scripts" / "pytorch").glob("*.py"))


@pytest.mark.parametrize("twin", TWINS, ids=[twin.stem for twin in TWINS])
def test_the_twins_are_translated_as_they_were(twin):
    script = translate_script(twin.read_text(encoding="utf-8"), twin.stem)
    assert script.counts()["unknown"] == 0
    golden = Path(__file__).parent / "golden" / f"{twin.stem}.py.txt"
    assert as_program(script) == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["batch_sizes", "learning_rates", "softmax_fashion_mnist"])
def test_what_trains_on_one_device_is_translated_whole(name):
    twin = ROOT / "scripts" / "pytorch" / f"{name}.py"
    assert translate_script(twin.read_text(encoding="utf-8")).counts()["explain"] == 0


def test_the_annotated_script_shows_what_to_write_below():
    assert (
        as_text(translate_script(LOOP.strip(), "train.py")).splitlines()
        == (Path(__file__).parent / "golden" / "loop.txt").read_text(encoding="utf-8").splitlines()
    )


def test_it_is_json():
    found = json.loads(json.dumps(translate_script(LOOP).as_json()))
    assert found["summary"] == {"same": 3, "write": 5, "nothing": 7, "explain": 0, "unknown": 0}
    assert found["imports"] == ["import functorch_course as fc", "import jax"]
    assert found["lines"][0]["verdict"] == "nothing"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_python_counts_them(ending):
    source = ending.join(["a = '\x0c'", "import torch", "b = torch.ones(2)", ""])
    assert here(source)[3] == "b = fc.tensor.ones(2)"


def test_a_fault_is_named_by_its_line():
    with pytest.raises(ScriptError, match=r"train.py, line 2: .* in 'def f\(:': write Python"):
        translate_script("import torch\ndef f(:\n", "train.py")


def test_nesting_beyond_python_s_stack_is_an_error_of_ours():
    with pytest.raises(ScriptError, match="nested too deeply"):
        translate_script("x = " + "+".join(["1"] * 20_000))


def check(source):
    """Every statement has its line, and what is written is Python again."""
    script = translate_script(source)
    ast.parse(as_program(script))
    as_text(script)
    json.dumps(script.as_json())


@given(st.sampled_from(FILES))
def test_any_file_of_this_repository_is_walked(path):
    check(path.read_text(encoding="utf-8"))


PIECES = st.sampled_from(
    [
        *("import torch", "from torch import nn, optim", "x = torch.ones(2)", "x[0] = 1", "x[1]"),
        *("x += 1", "x.add_(x)", "y = x.add_(x)", "loss.backward()", "optimizer.step()", "pass"),
        *("optimizer = optim.SGD(x)", "loss = criterion(model(x), y)", "x.sum(*a, **b)", "x.grad"),
        *("a = b = c.view(1)", "(x for x in y if x.numel())", "lambda x: x.mean()", "del x[0]"),
        *("f'{x.sum():{x}}'", "x: torch.Tensor = 1", "x.y.z.w()", "a, *b = x", "x[::2] -= 1"),
        *("x[0].zero_()", "x.data.add_(1)", "x.view(1).add_(1)", "x[0] = y = 1", "x[0][1] = 2"),
        *("y = x.clone().add_(1)", "x.data -= 1", "loss /= 4", "x[0], *y.grad = x"),
    ]
)
HEADS = st.sampled_from(
    [
        *("if x:", "while x.any():", "for x, y in loader:", "with torch.no_grad():", "try:"),
        *("def forward(self, x, /, *a, y=torch.ones(1), **k):", "class A(nn.Module):"),
        *("async def f():", "with torch.no_grad(), open(x) as f:", "match x:\n    case 1:"),
        *("@torch.no_grad()\ndef f(x: 'torch.Tensor') -> torch.Tensor:",),
    ]
)


def block(head, bodies):
    """A compound statement of a head and a body."""
    depth = "        " if head.startswith("match") else "    "
    body = "\n".join(bodies)
    text = head + "\n" + "\n".join(depth + line for line in body.splitlines())
    return text + ("\nfinally:\n    pass" if head == "try:" else "")


SCRIPTS = st.recursive(
    PIECES, lambda inner: st.builds(block, HEADS, st.lists(inner, min_size=1, max_size=4))
)


@given(st.lists(SCRIPTS, max_size=6))
def test_any_python_is_walked(parts):
    check("\n".join(parts))
