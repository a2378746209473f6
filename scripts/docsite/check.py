"""Check a built site: links and anchors, nothing loaded from elsewhere, no page too wide.

    python scripts/docsite/check.py site

Widths are measured by Chromium where it is installed.
"""

import argparse
import html.parser
import json
import os
import queue
import re
import shutil
import signal
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

LOADED = {
    **dict.fromkeys(("script", "iframe", "audio", "embed", "track"), ("src",)),
    **dict.fromkeys(("img", "source"), ("src", "srcset")),
    "video": ("src", "poster"),
}
LOADING = {"stylesheet", "icon", "preload", "modulepreload", "preconnect"}
# Of a srcset: an address, and its size.
CANDIDATE = re.compile(r"([^\s,](?:\S*[^\s,])?)(?:\s[^,]*)?")
ELSEWHERE = re.compile(r"""(?:url\(\s*|@import\s*)["']?((?:https?:)?//[^)"'\s;]+)""", re.IGNORECASE)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 300
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--no-first-run", "--remote-debugging-port=0"),
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
  await fetch("/", { method: "POST", body: JSON.stringify(found) });
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
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        for name in found.keys() & LOADED.get(tag, ()):
            value = found[name]
            self.loaded += CANDIDATE.findall(value) if name == "srcset" else [value]
        if tag == "link" and "href" in found and LOADING & {*found.get("rel", "").lower().split()}:
            self.loaded.append(found["href"])
        self.loaded += ELSEWHERE.findall(found.get("style", ""))

    def handle_data(self, data: str) -> None:
        """Look into a style sheet inside of the page; text may speak of addresses."""
        if self.cdata_elem == "style":
            self.loaded += ELSEWHERE.findall(data)


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
        for address in ELSEWHERE.findall(sheet.read_text(encoding="utf-8")):
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
    found = _measured(site, PROBE % (json.dumps(pages), width), chromium)
    return [
        f"{page}: {wide} > {seen} pixels" for page, (wide, seen) in found.items() if wide > seen
    ]


def _measured(site: Path, probe: str, chromium: str) -> dict[str, tuple[int, int]]:
    """Let the browser open a page beside the site's, and return what it sends back."""
    profiles = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)  # helpers write on
    with serving(site, probe) as server, profiles as profile:
        address = f"http://127.0.0.1:{server.server_port}/probe"
        browser = subprocess.Popen(
            [chromium, *FLAGS, f"--user-data-dir={profile}", address],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            return server.answers.get(timeout=PATIENCE)
        except queue.Empty:
            raise RuntimeError(f"{chromium} has measured nothing in {PATIENCE} seconds") from None
        finally:
            os.killpg(browser.pid, signal.SIGKILL)  # with its helpers
            browser.wait()


class Server(ThreadingHTTPServer):
    """Serves a site and one page more, and keeps what that page sends back."""

    def __init__(self, site: Path, probe: str) -> None:
        self.probe = probe.encode()
        self.answers: queue.Queue[dict[str, tuple[int, int]]] = queue.Queue()
        super().__init__(("127.0.0.1", 0), partial(Handler, directory=str(site)))

    def handle_error(self, request: object, client_address: object) -> None:
        """Let a browser leave a page before all of it has come; report anything else."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(SimpleHTTPRequestHandler):
    """Answers for the files of the site, for the probe, and takes the probe's answer."""

    server: Server

    def do_GET(self) -> None:
        """Send a file, or the probe."""
        if self.path != "/probe":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.server.probe)
        return None

    def do_POST(self) -> None:
        """Keep what was measured."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.answers.put(json.loads(body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@contextmanager
def serving(site: Path, probe: str = "") -> Iterator[Server]:
    """Serve a folder on this machine."""
    server = Server(site, probe)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
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
    if not (site / "index.html").exists():
        parser.error(f"{site} holds no site: write the folder that `mkdocs build` wrote")
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
