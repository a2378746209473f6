"""Errors that travel."""

import pytest

from functorch_course.data.failure import pack, reraise
from samples_for_workers import TwoArgumentsError, raise_local_error


def caught(function):
    with pytest.raises(Exception, match=r"name|pickled") as info:
        function()
    return info.value


def test_an_error_keeps_class_arguments_and_notes_and_tells_where():
    def fail():
        error = KeyError("name", 3)
        error.add_note("at sample 5")
        raise error

    with pytest.raises(KeyError, match="at sample 5") as info:
        reraise(pack(caught(fail), "worker 1"))
    assert info.value.args == ("name", 3)
    assert info.value.__notes__ == ["at sample 5", "DataLoader: in worker 1"]
    assert "in fail" in str(info.value.__cause__)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (caught(raise_local_error), r"worker 1 failed.*LocalError: cannot be pickled"),
        (TwoArgumentsError("a", "b"), "worker 1 failed.*TwoArgumentsError: a and b"),
        (SystemExit(3), "worker 1 failed.*SystemExit: 3"),
    ],
)
def test_an_error_that_cannot_be_rebuilt_is_told(error, text):
    with pytest.raises(RuntimeError, match=text):
        reraise(pack(error, "worker 1"))


def test_an_error_that_cannot_tell_its_message_is_named():
    class Mute(Exception):  # noqa: N818
        def __str__(self):
            raise RuntimeError

    with pytest.raises(RuntimeError, match="Mute"):
        reraise(pack(Mute(), "worker 1"))


def test_a_raised_error_is_freed_at_once():
    import gc
    import weakref

    class Resource:
        pass

    resource = Resource()
    watch = weakref.ref(resource)

    def use(resource):
        with pytest.raises(ValueError, match="x"):
            reraise(pack(ValueError("x"), "worker"))

    gc.disable()
    try:
        use(resource)
        del resource
        assert watch() is None
    finally:
        gc.enable()
