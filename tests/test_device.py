"""Devices: found, chosen, or refused with a remedy."""

import subprocess
import sys

import jax
import jax.numpy as jnp
import pytest

from functorch_course import device
from functorch_course.errors import InvalidValueError


@pytest.fixture(autouse=True)
def _as_it_was():
    yield
    jax.config.update("jax_default_device", None)


def test_the_cpu_can_always_be_used():
    chosen = device.use("cpu")
    assert jnp.ones(1).devices() == {chosen}
    assert chosen.platform == "cpu"


def test_an_absent_device_is_refused_with_the_remedy():
    with pytest.raises(InvalidValueError, match=r"device 'tpu' is not there \(found: .*cpu"):
        device.use("tpu")


def test_every_device_is_listed_once():
    code = "from functorch_course import device; print(device.devices())"
    flags = {"XLA_FLAGS": "--xla_force_host_platform_device_count=3", "JAX_PLATFORMS": "cpu"}
    run = subprocess.run([sys.executable, "-c", code], env=flags, capture_output=True, text=True)
    assert [line.split()[0] for line in run.stdout.splitlines()] == ["cpu:0", "cpu:1", "cpu:2"]


@pytest.mark.skipif("gpu" not in {d.platform for d in jax.devices()}, reason="no GPU here")
def test_the_gpu_can_be_used_where_there_is_one():
    assert device.use("gpu").platform == "gpu"
