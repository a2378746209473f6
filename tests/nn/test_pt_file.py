"""PyTorch's files: what is read, what is written, and what is refused without being run."""

import io
import pickle
import random
import zipfile

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course import nn
from functorch_course.errors import DamagedFileError, InvalidValueError


class Call:
    """Pickles as the call of a function."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def archive(path, pickled, parts=(), compression=zipfile.ZIP_STORED):
    """Write a file of the given pickle and parts."""
    with zipfile.ZipFile(path, "w", compression) as file:
        file.writestr("model/data.pkl", pickled)
        for name, content in parts:
            file.writestr(f"model/{name}", content)
    return path


def text(words):
    return b"X" + len(words).to_bytes(4, "little") + words.encode()


def number(value):
    return b"J" + value.to_bytes(4, "little", signed=True)


def row(numbers):
    return b"(" + b"".join(map(number, numbers)) + b"t"


def tensor(storage=b"ctorch\nFloatStorage\n", offset=0, size=(2, 2), stride=(2, 1), count=4):
    """The pickle of {"w": tensor}, with every number free."""
    identity = [text("storage"), storage, text("0"), text("cpu"), b"K" + bytes([count])]
    whole = b"(" + b"".join(identity) + b"tQ"
    start, *rows = (number(offset), *(row(numbers) for numbers in (size, stride)))
    hooks = b"ccollections\nOrderedDict\n)R"
    arguments = b"(" + whole + start + b"".join(rows) + b"\x89" + hooks + b"t"
    return b"\x80\x02}" + text("w") + b"ctorch._utils\n_rebuild_tensor_v2\n" + arguments + b"Rs."


BOMB = b")" + b"q\x00h\x00\x86" * 200  # a pair of a pair of a pair ... of the same
NUMBERS = np.arange(4, dtype=np.float32)
DATA = [("data/0", NUMBERS.tobytes())]


def test_a_tensor_is_read_with_its_offset_shape_and_strides(tmp_path):
    state = nn.load_pt(archive(tmp_path / "a.pt", tensor(), DATA))
    np.testing.assert_array_equal(state["w"], [[0, 1], [2, 3]], strict=False)
    assert state["w"].dtype == np.float32
    turned = nn.load_pt(archive(tmp_path / "b.pt", tensor(stride=(1, 2)), DATA))
    np.testing.assert_array_equal(turned["w"], [[0, 2], [1, 3]])
    tail = nn.load_pt(archive(tmp_path / "c.pt", tensor(offset=1, size=(3,), stride=(1,)), DATA))
    np.testing.assert_array_equal(tail["w"], [1, 2, 3])
    scalar = nn.load_pt(archive(tmp_path / "d.pt", tensor(offset=2, size=(), stride=()), DATA))
    assert scalar["w"] == 2
    empty = nn.load_pt(archive(tmp_path / "e.pt", tensor(size=(0, 9), stride=(9, 1)), DATA))
    assert empty["w"].shape == (0, 9)


def test_big_endian_files_are_turned_round(tmp_path):
    parts = [("data/0", NUMBERS.astype(">f4").tobytes()), ("byteorder", b"big")]
    state = nn.load_pt(archive(tmp_path / "a.pt", tensor(), parts))
    np.testing.assert_array_equal(state["w"], [[0, 1], [2, 3]])
    assert state["w"].dtype == np.float32


def test_checkpoints_of_plain_values_are_read(tmp_path):
    value = {
        "epoch": 3,
        "rate": 0.5,
        "big": -(2**40),
        "names": ["a", None, True],
        "pair": (1, (2,)),
    }
    pickled = pickle.dumps(value, protocol=2)
    assert nn.load_pt(archive(tmp_path / "a.pt", pickled)) == value


@pytest.mark.parametrize("dtype", [np.float32, np.float16, jnp.bfloat16, np.int32])
def test_what_is_written_is_read_back_bit_for_bit(tmp_path, dtype):
    model = nn.Sequential(nn.Linear(300, 2), nn.Linear(2, 1, bias=False))
    model = jax.tree.map(lambda values: (values * 100).astype(dtype), model)
    nn.save_pt(model, tmp_path / "model.pt")
    state = nn.load_pt(tmp_path / "model.pt")
    assert list(state) == ["0.weight", "0.bias", "1.weight"]
    for name, values in nn.state_dict(model).items():
        np.testing.assert_array_equal(state[name], values, strict=True)
    nn.save_pt(model, tmp_path / "again.pt")
    assert (tmp_path / "model.pt").read_bytes() == (tmp_path / "again.pt").read_bytes()


def test_a_dtype_without_a_storage_cannot_be_written(tmp_path):
    model = nn.Linear(2, 1)
    model.bias = nn.Parameter(jnp.zeros(1, jnp.uint32))
    with pytest.raises(InvalidValueError, match=r"'bias' has dtype uint32, which PyTorch lacks"):
        nn.save_pt(model, tmp_path / "model.pt")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"w": Call(io.open, "stolen", "w")}, r"it names io\.open, which is no plain data"),
        ({"w": Call(eval, "1")}, r"it names __builtin__\.eval.*nothing was run"),
        (Call(exec, "raise SystemExit"), r"it names __builtin__\.exec.*nothing was run"),
        ([1, 2], r"it holds list, not a dict: save model\.state_dict\(\)"),
        ({(1, 2): 3}, r"keys that are neither text nor numbers"),
        ({"w": {1, 2}}, r"it names __builtin__\.set"),
        ({"w": b"bytes"}, r"it names _codecs\.encode"),
    ],
)
def test_a_pickle_that_is_more_than_data_is_refused(tmp_path, monkeypatch, value, message):
    monkeypatch.chdir(tmp_path)
    path = archive(tmp_path / "hostile.pt", pickle.dumps(value, protocol=2))
    with pytest.raises(DamagedFileError, match=rf"hostile\.pt is not a state dict.*{message}"):
        nn.load_pt(path)
    assert [p.name for p in tmp_path.iterdir()] == ["hostile.pt"]


@pytest.mark.parametrize(
    ("pickled", "message"),
    [
        (b"", "its pickle is broken"),
        (b"\x80\x02}q\x00", "its pickle is broken"),
        (b"\x80\x02.", "its pickle is broken"),
        (b"\x80\x02}K\x01K\x02R.", "int where tuple belongs"),
        (b"\x80\x02})R.", "dict where _Function belongs"),
        (b"\x80\x02K\x01K\x02K\x03s.", "int where dict belongs"),
        (b"\x80\x02K\x01K\x02a.", "int where list belongs"),
        (b"\x80\x02(K\x01u.", "its pickle is broken"),
        (b"\x80\x02h\x07.", "its pickle is broken"),
        (b"\x80\x02]Q.", r"it refers to list, which is no storage"),
        (b"\x80\x02" + BOMB + b"Q.", r"it refers to tuple, which is no storage"),
        (tensor().replace(row((2, 2)), BOMB), r"size or stride is not made of whole numbers"),
        (b"\x80\x02}" + BOMB + b"K\x01s.", r"keys that are neither text nor numbers"),
        (b"\x80\x02" + BOMB + b".", r"it holds tuple, not a dict"),
        (b"\x80\x02\x82\x01.", "its pickle uses EXT1"),
        (b"\x80\x02(c__builtin__\neval\no.", r"it names __builtin__\.eval"),
        (b"\x80\x02(S'1'\nI1\n.", "its pickle uses STRING"),
        (b"\x80\x02ccollections\nOrderedDict\n]\x85R.", "its pickle is broken"),
        (tensor(storage=b"ctorch\nFloatStorage\n0"), "its pickle uses POP"),
        (tensor(storage=b"cos\nsystem\n"), r"it names os\.system"),
        (tensor(storage=b"K\x04"), r"is no storage"),
        (tensor(offset=1), r"reaches beyond its 4 numbers"),
        (tensor(offset=-1), r"a tensor has offset -1"),
        (tensor(stride=(2, -1)), r"stride \(2, -1\)"),
        (tensor(size=(2, -2)), r"size \(2, -2\)"),
        (tensor(size=(2**30, 2**30), stride=(0, 0)), r"reaches beyond its 4 numbers"),
        (tensor(size=(2,)), "its pickle is broken"),
        (tensor(count=3), r"the part model/data/0 has 16 bytes, not 3 float32"),
    ],
)
def test_a_broken_or_greedy_pickle_is_refused(tmp_path, pickled, message):
    path = archive(tmp_path / "broken.pt", pickled, DATA)
    with pytest.raises(DamagedFileError, match=rf"broken\.pt is not a state dict.*({message})"):
        nn.load_pt(path)


def test_other_archives_are_refused(tmp_path):
    good = pickle.dumps({}, protocol=2)
    packed = archive(tmp_path / "packed.pt", good, compression=zipfile.ZIP_DEFLATED)
    twice = archive(tmp_path / "twice.pt", good, [("more/data.pkl", good)])
    lacking = archive(tmp_path / "lacking.pt", tensor())
    old = tmp_path / "old.pt"
    old.write_bytes(good)
    for path, message in [
        (packed, "its parts are compressed"),
        (twice, r"it holds 2 parts named data\.pkl, not one"),
        (lacking, r"the part model/data/0 is missing"),
        (old, "File is not a zip file"),
    ]:
        with pytest.raises(DamagedFileError, match=message):
            nn.load_pt(path)
    with pytest.raises(FileNotFoundError, match=r"missing\.pt"):
        nn.load_pt(tmp_path / "missing.pt")


def test_parts_that_claim_to_be_larger_than_the_file_are_refused(tmp_path):
    path = archive(tmp_path / "bomb.pt", tensor(), DATA)
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (2**30).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(DamagedFileError, match=r"its parts are larger than the file"):
        nn.load_pt(path)


def test_damage_anywhere_is_a_damaged_file_or_harmless(tmp_path):
    path = archive(tmp_path / "a.pt", tensor(), DATA)
    whole, choose, damaged = path.read_bytes(), random.Random(0), 0
    for _ in range(600):
        content = bytearray(whole)
        content[choose.randrange(len(content))] = choose.randrange(256)
        path.write_bytes(content[: choose.choice([len(whole), choose.randrange(len(whole))])])
        try:
            nn.load_pt(path)
        except DamagedFileError:
            damaged += 1
    assert damaged > 200
