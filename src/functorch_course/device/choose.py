"""Where arrays live and programs run: which devices there are, and which one to use."""

import jax

from functorch_course.errors import InvalidValueError


def devices() -> str:
    """Describe the devices that JAX can use, one a line, the default one first.

    Returns:
        For each device its platform, number and kind.

    Example:
        >>> "cpu:0" in devices()
        True

    PyTorch: corresponds to ``torch.cuda.get_device_name(i)`` for each device i.
    """
    return "\n".join(f"{d.platform}:{d.id} ({d.device_kind})" for d in _all())


def use(platform: str) -> jax.Device:
    """Place new arrays on the first device of a platform from now on, for the whole process.

    Args:
        platform: ``"cpu"`` or ``"gpu"``.

    Returns:
        The device.

    Raises:
        InvalidValueError: If there is no device of that platform.

    Example:
        >>> use("cpu").platform
        'cpu'

    PyTorch: corresponds to ``torch.set_default_device(platform)``. Without a call, JAX uses the
    accelerator if there is one, and PyTorch the CPU.
    """
    try:
        device = jax.devices(platform)[0]
    except RuntimeError as error:
        found = ", ".join(sorted({device.platform for device in _all()}))
        raise InvalidValueError(
            f"device {platform!r} is not there (found: {found}): write one that is, "
            'or for NVIDIA GPUs install the package as "functorch_course[cuda]"'
        ) from error
    jax.config.update("jax_default_device", device)
    return device


def _all() -> list[jax.Device]:
    """Return the devices of the default platform, then those of the CPU."""
    default = jax.devices()
    return default + [device for device in jax.devices("cpu") if device not in default]
