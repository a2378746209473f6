"""The machine and the versions that figures belong to."""

import os
import platform
from collections.abc import Iterable
from importlib.metadata import packages_distributions, version
from pathlib import Path

from .peers import MODULES, peers_of

ALWAYS = ("functorch_course", "jax", "numpy")


def describe() -> dict[str, str | int | float]:
    """Return what the machine is, and how busy it is: the processes that wanted to run lately."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "system": platform.system(),
        "python": platform.python_version(),
        "busy": round(os.getloadavg()[0], 1),
    }


def versions(contenders: Iterable[str]) -> dict[str, str]:
    """Return the versions of this library, of what it stands on, and of the peers that ran."""
    modules = [*ALWAYS, *(MODULES[peer] for peer in peers_of(contenders))]
    distributions = packages_distributions()
    return {module: version(distributions.get(module, [module])[0]) for module in modules}


def _processor() -> str:
    """Return the name of the processor."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
