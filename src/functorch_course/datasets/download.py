"""Fetching a file over HTTP, verified, and saying in three lines why it did not work."""

import logging
from pathlib import Path

from functorch_course.errors import DatasetNotFoundError

TIMEOUT = 10.0
"""Seconds that a server may take to answer, or to send the next bytes."""


def fetch(urls: list[str], folder: Path, sha256: str, dataset: str, remedy: str) -> Path:
    """Download a file from the first of ``urls`` that gives it, into ``folder``.

    The file appears under its name only when it is whole and has the expected hash. A file that
    is there already and has that hash is not fetched again.

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
    """
    import pooch  # noqa: PLC0415
    import requests  # noqa: PLC0415

    pooch.get_logger().setLevel(logging.WARNING)
    name = urls[0].rsplit("/", 1)[-1]
    reasons = []
    for url in urls:
        try:
            downloader = pooch.HTTPDownloader(progressbar=True, timeout=TIMEOUT)
            return Path(
                pooch.retrieve(url, f"sha256:{sha256}", name, folder, downloader=downloader)
            )
        except (requests.RequestException, ValueError, OSError) as error:
            reasons.append(f"{url}: {describe(error)}")
    raise DatasetNotFoundError(
        f"{dataset} could not be downloaded: {name} is missing.\n"
        f"  Tried {'; '.join(reasons)}\n"
        f"  {remedy}"
    )


def describe(error: Exception) -> str:
    """Return the reason for a failed download in a few words."""
    import requests  # noqa: PLC0415

    response = getattr(error, "response", None)
    if response is not None:
        return f"the server answered {response.status_code} {response.reason}"
    if isinstance(error, requests.Timeout):
        return f"no answer within {TIMEOUT:g} seconds"
    if isinstance(error, requests.RequestException):
        return f"the connection failed ({type(error).__name__})"
    if isinstance(error, ValueError):
        return "what it sent has the wrong sha256: damaged on the way, or another file"
    return str(error)
