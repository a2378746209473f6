"""Fetching a file over HTTP: verified, resumed where it was cut off, and clear about failures."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from functorch_course.errors import DatasetNotFoundError

TIMEOUT = 10.0
"""Seconds that a server may take to answer, or to send the next bytes."""
LARGEST = 2**30
"""More bytes than any of the files has: a server that sends more is stopped."""
CHUNK = 2**16


def fetch(urls: Sequence[str], folder: Path, sha256: str, dataset: str, remedy: str) -> Path:
    """Download a file from the first of ``urls`` that gives it, into ``folder``.

    The file appears under its name only when it is whole and has the expected hash. A file that
    is there already and has that hash is not fetched again. What came before a connection broke is
    kept as ``name.part``, and the next call goes on from there.

    Args:
        urls: Where to look, in this order. The file's name is the last part of the first.
        folder: Where to put it; made if missing.
        sha256: The hash of the file as it is sent.
        dataset: What the file belongs to, for the message.
        remedy: What else can be done, for the message.

    Returns:
        The path of the file.

    Raises:
        DatasetNotFoundError: If no server gave the right file; the message has three lines.

    PyTorch: ``torchvision.datasets.utils.download_url``, which begins again each time.
    """
    import pooch  # noqa: PLC0415
    import requests  # noqa: PLC0415

    pooch.get_logger().setLevel(logging.WARNING)
    name, reasons = urls[0].rsplit("/", 1)[-1], []
    for url in urls:
        try:
            resume = Resume(folder / f"{name}.part")
            return Path(pooch.retrieve(url, f"sha256:{sha256}", name, folder, downloader=resume))
        except (requests.RequestException, ValueError, OSError) as error:
            reasons.append(f"{url}: {reason(error)}")
    raise DatasetNotFoundError(
        f"{dataset} could not be downloaded: {name} is missing.\n"
        f"  Tried {'; '.join(reasons)}\n"
        f"  {remedy}"
    )


class Resume:
    """A downloader for pooch that goes on where the last one was cut off.

    Args:
        part: Where to keep what has come so far.

    PyTorch: has no counterpart.
    """

    def __init__(self, part: Path) -> None:
        self.part = part

    def __call__(self, url: str, output_file: str, _: object) -> None:
        """Download ``url``, first to the part file, and when it is whole to ``output_file``."""
        import requests  # noqa: PLC0415

        done = self.part.stat().st_size if self.part.exists() else 0
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={done}-"} if done else {})
        with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
            if response.status_code == requests.codes.requested_range_not_satisfiable:
                self.part.unlink()
            response.raise_for_status()
            resumed = response.status_code == requests.codes.partial_content
            self._write(response, done if resumed else 0)
        self.part.replace(output_file)

    def _write(self, response: Any, done: int) -> None:  # noqa: ANN401
        """Write what comes after the first ``done`` bytes."""
        from rich.progress import Progress  # noqa: PLC0415

        length = response.headers.get("Content-Length", "")
        total = done + int(length) if length.isdecimal() else None
        with self.part.open("ab" if done else "wb") as file, Progress(transient=True) as progress:
            bar = progress.add_task(self.part.stem, total=total, completed=done)
            for chunk in response.iter_content(CHUNK):
                file.write(chunk)
                progress.advance(bar, len(chunk))
                if file.tell() > LARGEST:
                    raise OSError(f"it sent more than {LARGEST:,} bytes")


def reason(error: Exception) -> str:
    """Return why a download failed, in a few words."""
    import requests  # noqa: PLC0415

    response = getattr(error, "response", None)
    if response is not None:
        return f"the server answered {response.status_code} {response.reason}"
    if isinstance(error, requests.Timeout):
        return f"no answer within {TIMEOUT:g} seconds"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke; the next try goes on from there"
    if isinstance(error, requests.RequestException):
        return f"the connection failed ({type(error).__name__})"
    if isinstance(error, ValueError):
        return "what it sent has the wrong sha256: damaged on the way, or another file"
    return str(error)
