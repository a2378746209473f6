"""Check a built site: links and anchors, nothing loaded from elsewhere, no page too wide.

    python scripts/docsite/check.py site

Widths are measured by Chromium where it is installed.
"""

import argparse
import html.parser
import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlparse

LOADED = {"img": "src", "script": "src", "iframe": "src", "source": "src", "video": "src"}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--no-first-run", "--virtual-time-budget=60000", "--dump-dom"),
)
PROBE = """<!doctype html><body><script>
const pages = %s, width = %d, found = {};
(async () => {
  for (const page of pages) {
    const frame = document.createElement("iframe");
    frame.style = `width: ${width}px; height: 800px; border: 0`;
    frame.src = "/" + page;
    document.body.append(frame);
    await new Promise((done) => (frame.onload = done));
    const root = frame.contentDocument.documentElement;
    found[page] = [root.scrollWidth, root.clientWidth];
    frame.remove();
  }
  document.body.innerHTML = "<pre id=found>" + JSON.stringify(found) + "</pre>";
})();
</script>"""


class Document(html.parser.HTMLParser):
    """The links, the anchors, and what a page loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag in LOADED and LOADED[tag] in found:
            self.loaded.append(found[LOADED[tag]])
        if tag == "link" and found.get("rel") in {"stylesheet", "icon", "preload", "preconnect"}:
            self.loaded.append(found["href"])


def faults(site: Path) -> Iterator[str]:
    """Yield what is broken: a link that leads nowhere, or something loaded from elsewhere."""
    pages = {
        path: Document(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))
    }
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        for link in (*page.links, *page.loaded):
            fault = _fault(site, name, link, pages)
            if fault:
                yield f"{name}: {link}: {fault}"
        for link in page.loaded:
            if urlparse(link).netloc:
                yield f"{name}: {link}: it is loaded from elsewhere"
    for sheet in sorted(site.rglob("*.css")):
        for address in re.findall(r"url\((https?:[^)]+)\)", sheet.read_text(encoding="utf-8")):
            yield f"{sheet.relative_to(site)}: {address}: it is loaded from elsewhere"


def _fault(site: Path, name: str, link: str, pages: dict[Path, Document]) -> str:
    """Return what is wrong with a link, or nothing."""
    address, anchor = urldefrag(link)
    parts = urlparse(address)
    if parts.scheme or parts.netloc:
        return ""
    target = site / unquote(urljoin(f"/{name}", parts.path or f"/{name}")).lstrip("/")
    target = target / "index.html" if target.is_dir() else target
    if not target.exists():
        return "there is no such file"
    has_anchor = not anchor or target not in pages or unquote(anchor) in pages[target].anchors
    return "" if has_anchor else "there is no such anchor"


def too_wide(site: Path, width: int, chromium: str) -> list[str]:
    """List the pages that are wider than a screen of some pixels."""
    pages = [path.relative_to(site).as_posix() for path in sorted(site.rglob("index.html"))]
    probe = site / "probe.html"
    probe.write_text(PROBE % (json.dumps(pages), width), encoding="utf-8")
    try:
        with serving(site) as address, tempfile.TemporaryDirectory() as profile:
            command = [chromium, *FLAGS, f"--user-data-dir={profile}", f"{address}/probe.html"]
            run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=180)
    finally:
        probe.unlink()
    measured = re.search(r"<pre id=\"found\">(.*?)</pre>", run.stdout)
    if measured is None:
        raise RuntimeError(f"{chromium} did not finish: {run.stdout[-500:]}")
    found = json.loads(measured[1])
    return [
        f"{page}: {wide} > {seen} pixels" for page, (wide, seen) in found.items() if wide > seen
    ]


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """Serve a folder on this machine, and give the address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def find_chromium() -> str | None:
    """Return the browser, where there is one."""
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


def main() -> None:
    """Check a site; exit with 1 if there is a fault."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site", type=Path, help="the folder that `mkdocs build` wrote")
    site = parser.parse_args().site.resolve()
    found = list(faults(site))
    chromium = find_chromium()
    if chromium is not None:
        found += [fault for width in (390, 1280) for fault in too_wide(site, width, chromium)]
    for fault in found:
        print(fault)
    looked = "widths 390 and 1280 measured" if chromium else "no Chromium, so no widths measured"
    print(f"{len(list(site.rglob('*.html')))} pages, {len(found)} faults, {looked}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
