"""One line at a time: what it becomes, and why."""

import ast

import pytest

from functorch_course.translate import (
    ScriptError,
    as_program,
    as_text,
    translate_line,
    translate_script,
)

WRITTEN = {
    "x.view(-1, 1)": "fc.tensor.view(x, -1, 1)",
    "x.flatten()": "x.reshape(-1)",
    "torch.flatten(x)": "x.reshape(-1)",
    "x.flatten(1)": "fc.nn.flatten(x, start_dim=1)",
    "torch.flatten(x, 1, 2)": "fc.nn.flatten(x, start_dim=1, end_dim=2)",
    "x.flatten(end_dim=1)": "fc.nn.flatten(x, start_dim=0, end_dim=1)",
    "torch.flatten(x, end_dim=1)": "fc.nn.flatten(x, start_dim=0, end_dim=1)",
    "x.view(x.size(0), -1)": "fc.tensor.view(x, fc.tensor.size(x, dim=0), -1)",
    "x[0] = 1": "x = x.at[0].set(1)",
    "x[0, 1] += y": "x = x.at[0, 1].add(y)",
    "self.w[i] *= 2": "self.w = self.w.at[i].multiply(2)",
    "x.add_(1)": "x = x + 1",
    "y = x.clone().add_(1).mul_(2)": "y = (x + 1) * 2",
    "w = torch.empty(3).normal_()": "w = fc.random.normal(size=fc.tensor.zeros(3).shape)",
    "values, order = torch.sort(x)": "values, order = (jnp.sort(x), jnp.argsort(x))",
    "x.sub_(g, alpha=0.1)": "x = x - 0.1 * g",
    "y = x.clone()": "y = x",
    "x[4]": "fc.tensor.index(x, 4)",
    "x[[0, 2]]": "x[jnp.array([0, 2])]",
    "x.to(torch.float32)": "fc.tensor.cast(x, jnp.float32)",
    "x.to(y.dtype)": "fc.tensor.cast(x, y.dtype)",
    "x.to(device)": "x",
    "model.to(device)": "model",
    "x.max()": "fc.tensor.max(x)",
    "torch.max(x, 1)": "fc.tensor.max(x, 1)",
    "torch.max(x, dim=1)": "fc.tensor.max(x, 1)",
    "torch.max(x, y)": "jnp.maximum(x, y)",
    "torch.sum(input=x, axis=1, keepdims=True)": "fc.tensor.sum(x, dim=1, keepdim=True)",
    "x.repeat(2, 3)": "jnp.tile(x, (2, 3))",
    "x.std(unbiased=False)": "fc.tensor.std(x, correction=int(False))",
    "torch.zeros(2, 3, device=device)": "fc.tensor.zeros(2, 3)",
    "torch.zeros(*shape, **options)": "fc.tensor.zeros(*shape, **options)",
    "nn.CrossEntropyLoss()": "fc.nn.cross_entropy",
    "nn.CrossEntropyLoss(label_smoothing=0.1)": (
        "functools.partial(fc.nn.cross_entropy, label_smoothing=0.1)"
    ),
    "F.mse_loss(input=a, target=b)": "fc.nn.mse_loss(a, b)",
    "map(F.relu, layers)": "map(fc.nn.relu, layers)",
    "nn.Sequential(nn.Linear(2, 3), nn.ReLU(inplace=True))": (
        "fc.nn.Sequential(fc.nn.Linear(2, 3), fc.nn.ReLU())"
    ),
    "nn.init.xavier_uniform_(layer.weight)": (
        "layer.weight[...] = fc.nn.init.xavier_uniform(layer.weight.shape)"
    ),
    "optim.SGD(model.parameters(), lr=0.1, momentum=0.9)": "fc.optim.SGD(lr=0.1, momentum=0.9)",
    "optim.Adam(model.parameters())": "fc.optim.Adam()",
    "optim.lr_scheduler.StepLR(optimizer, 10, 0.5)": (
        "fc.optim.StepLR(lr, 10, gamma=0.5, steps_per_epoch=len(loader))"
    ),
    "torch.save(net.state_dict(), path)": "fc.nn.save_pt(net, path)",
    "torch.Generator().manual_seed(3)": "fc.Generator().manual_seed(3)",
    "class Net(nn.Module):\n    pass": "class Net(fc.nn.Module):\n    pass",
    "def f(x: torch.Tensor): ...": "def f(x: jax.Array):\n    ...",
    "x = x.view(-1)\nx.numel()": "x = fc.tensor.view(x, -1)\nfc.tensor.numel(x)",
    "torch.utils.data.dataset.Subset(d, i)": "fc.data.Subset(d, i)",
}


@pytest.mark.parametrize("line", WRITTEN)
def test_a_line_is_written_anew(line):
    found = translate_line(line)
    assert (found.here, found.verdict) == (WRITTEN[line], "write")


@pytest.mark.parametrize(
    "line",
    [
        "optimizer.zero_grad()",
        "with torch.no_grad():\n    pass",
        "scheduler.step()",
        "x.grad = None",
        "x.grad.zero_()",
        "device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')",
        "torch.backends.cudnn.benchmark = True",
        "import torch.nn as nn",
    ],
)
def test_what_is_not_needed_is_said_so(line):
    found = translate_line(line)
    assert (found.here, found.verdict) == ("", "nothing")
    assert found.notes[0].text


@pytest.mark.parametrize("line", ["x + y", "x @ y", "x.shape", "print(len(xs))", "x[1:3]", "x.T"])
def test_what_is_the_same_stays(line):
    assert (translate_line(line).here, translate_line(line).verdict) == (line, "same")


def test_what_has_no_line_is_explained():
    found = translate_line("loss.backward()")
    assert found.verdict == "explain"
    assert "fc.autograd.grad(f)(x)" in found.notes[0].text
    assert "return value" in found.notes[0].text


SET_UP = "import torch\nw = x = g = torch.ones(2)\n"
WITHOUT_A_NAME = [
    *("w.data.add_(g)", "w.grad.add_(g)", "w.T.add_(1)", "x[0].zero_()", "x[1:3].fill_(2)"),
    *("x.view(2, 3).add_(1)", "x.clone().add_(1)", "x.add_(1).mul_(2)", "y = x[0].zero_()"),
    *("x[0][1] = 2", "x[0][1] += 2", "x.data[0] = 1", "x.view(-1)[0] = 1"),
    *("x[0] = y = 1", "y = x[0] = 1", "x[0], y = 1, 2", "x.data = y", "x.data -= y", "w.data *= 2"),
]


@pytest.mark.parametrize("line", WITHOUT_A_NAME)
def test_what_has_no_name_for_a_new_value_is_explained(line):
    found = translate_line(line)
    assert found.verdict == "explain"
    assert any("an array never changes" in note.text for note in found.notes)
    ast.parse(found.here)
    program = as_program(translate_script(SET_UP + line + "\n"))
    ast.parse(program)
    assert program.splitlines()[-1] == line


def test_data_of_an_object_of_one_s_own_is_no_tensor_s():
    assert translate_line("self.data = x").verdict == "same"


def test_an_unknown_name_comes_with_near_ones():
    found = translate_line("torch.sigmod(x)")
    assert found.verdict == "unknown"
    assert found.notes[0].text == (
        "torch.sigmod is not in the dictionary: did you mean torch.sigmoid, torch.nn.Sigmoid, "
        "torch.sign?"
    )


def test_arguments_that_no_row_takes_are_said_so():
    found = translate_line("torch.dot(*pair)")
    assert found.verdict == "explain"
    assert "these arguments are not known here: write torch.dot(x, other)" in found.notes[0].text


@pytest.mark.parametrize(
    "line",
    [
        *("nn.MSELoss(reduce=False)", "F.cross_entropy(x, y, size_average=False)"),
        *("F.mse_loss(x, y, weight=w)", "F.huber_loss(x, y, weight=w)", "torch.add(x, y, out=z)"),
        *("torch.zeros(2, out=z)", "torch.stack([x], out=z)", "torch.empty_like(x, dtype=d)"),
        *(
            "torch.randn_like(x, dtype=d)",
            "torch.rand_like(x, dtype=d)",
            "F.softmax(x, 1, dtype=d)",
        ),
        *("torch.func.vjp(f, x, has_aux=True)", "torchvision.ops.MLP(2, [3], bias=False)"),
        *("nn.Embedding(3, 2, max_norm=1.0)", "nn.Conv2d(1, 2, 3, padding_mode='reflect')"),
        *("model.parameters(recurse=False)", "nn.Parameter(x, requires_grad=False)"),
    ],
)
def test_an_option_that_changes_the_result_is_explained(line):
    found = translate_line(line)
    assert found.verdict == "explain"
    assert any("these arguments are not known here" in note.text for note in found.notes)


def test_an_assignment_within_an_expression_says_that_the_name_stays():
    found = translate_line("y = x.add_(1)")
    assert (found.here, found.verdict) == ("y = x + 1", "explain")
    assert any("give the result its name again" in note.text for note in found.notes)


def test_it_is_shown_with_difference_and_lesson():
    assert as_text(translate_line("x.numel(); torch.zeros(2, device=d)")).splitlines() == [
        "PyTorch  x.numel(); torch.zeros(2, device=d)",
        "here     fc.tensor.numel(x)",
        "         fc.tensor.zeros(2)",
        "differs  without device",
        "lesson   02_vectors.py, row T039",
        "         03_matrices.py, row M125",
    ]


def test_it_is_plain_data():
    found = translate_line("x.numel()").as_json()
    note = {"name": "torch.Tensor.numel", "verdict": "write", "text": "", "row": "T039"}
    assert found == {
        "source": "x.numel()",
        "here": "fc.tensor.numel(x)",
        "verdict": "write",
        "notes": [note],
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x +", r"the line, line 1: invalid syntax in 'x \+': write Python"),
        ("x = '\0'", "the line.*null byte.*: write Python that runs"),
        ("(" * 2000, "the line.*: (write Python|it is nested too deeply)"),
    ],
)
def test_what_is_no_python_is_refused(text, message):
    with pytest.raises(ScriptError, match=message):
        translate_line(text)
