"""Downloads from a server that misbehaves in every way; all on the loopback interface."""

import gzip
import hashlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from functorch_course.datasets import MNIST, download
from functorch_course.errors import DatasetNotFoundError
from small_mnist import CONTENT as FILES
from small_mnist import SmallMNIST

CONTENT = np.random.default_rng(0).bytes(300_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Server(ThreadingHTTPServer):
    """Answers each path with the behaviour it names, and remembers what was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests = []
        self.released = threading.Event()
        self.files = {}

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_GET(self):
        behaviour = self.path.split("/")[1]
        self.server.requests.append((behaviour, self.headers.get("Range")))
        getattr(self, behaviour)()

    def send(self, content, status=200, length=None, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def good(self):
        self.send(self.server.files.get(self.path.rsplit("/", 1)[-1], CONTENT))

    def missing(self):
        self.send(b"Not found", 404)

    def flipped(self):
        self.send(CONTENT[:1000] + bytes([CONTENT[1000] ^ 1]) + CONTENT[1001:])

    def short(self):
        self.send(CONTENT[:-100])

    def cut(self):
        self.send(CONTENT[:100_000], length=len(CONTENT))

    def login(self):
        self.send(b"<html>Please sign in</html>")

    def stalled(self):
        self.send(CONTENT[:1000], length=len(CONTENT))
        self.wfile.flush()
        self.server.released.wait(20)

    def endless(self):
        self.send_response(200)
        self.end_headers()
        try:
            while not self.server.released.is_set():
                self.wfile.write(bytes(2**16))
        except OSError:
            pass

    def resumable(self):
        if asked := self.headers.get("Range"):
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(CONTENT):
                self.send(b"", 416)
            else:
                self.send(CONTENT[start:], 206)
        else:
            self.cut()


@pytest.fixture
def server():
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.released.set()
        running.shutdown()
        thread.join()


def fetch(folder, *urls):
    return download.fetch(list(urls), folder, SHA256, "Toys (train)", "Do something else.")


def test_a_good_file_arrives_whole_and_is_not_fetched_twice(tmp_path, server):
    for _ in range(2):
        path = fetch(tmp_path / "new", f"{server.url}/good/a.bin")
        assert path == tmp_path / "new" / "a.bin"
        assert path.read_bytes() == CONTENT
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.bin"]
    assert len(server.requests) == 1


def test_a_damaged_file_is_replaced(tmp_path, server):
    (tmp_path / "a.bin").write_bytes(b"something else")
    assert fetch(tmp_path, f"{server.url}/good/a.bin").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("missing", "the server answered 404 Not Found"),
        ("flipped", "what it sent has the wrong sha256"),
        ("short", "what it sent has the wrong sha256"),
        ("cut", "the connection broke; the next try goes on from there"),
        ("login", "what it sent has the wrong sha256: damaged on the way, or another file"),
        ("stalled", "the connection failed|no answer within"),
        ("endless", "it sent more than 1,000,000 bytes"),
    ],
)
def test_a_bad_server_is_named_in_three_lines(tmp_path, server, monkeypatch, behaviour, reason):
    monkeypatch.setattr(download, "TIMEOUT", 0.3)
    monkeypatch.setattr(download, "LARGEST", 1_000_000)
    url = f"{server.url}/{behaviour}/a.bin"
    with pytest.raises(DatasetNotFoundError, match=reason) as raised:
        fetch(tmp_path, url)
    first, second, third = str(raised.value).splitlines()
    assert first == "Toys (train) could not be downloaded: a.bin is missing."
    assert second.startswith(f"  Tried {url}: ")
    assert third == "  Do something else."
    assert not (tmp_path / "a.bin").exists()
    assert {path.name for path in tmp_path.iterdir()} <= {"a.bin.part"}


def test_a_dead_port_is_named(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(DatasetNotFoundError, match=r"the connection failed \(ConnectionError\)"):
        fetch(tmp_path, f"http://127.0.0.1:{port}/a.bin")


def test_the_next_mirror_is_tried(tmp_path, server):
    urls = [f"{server.url}/{behaviour}/a.bin" for behaviour in ("missing", "login", "good")]
    assert fetch(tmp_path, *urls).read_bytes() == CONTENT
    assert [behaviour for behaviour, _ in server.requests] == ["missing", "login", "good"]


def test_a_broken_download_goes_on_where_it_broke(tmp_path, server):
    url = f"{server.url}/resumable/a.bin"
    with pytest.raises(DatasetNotFoundError, match="the connection broke"):
        fetch(tmp_path, url)
    kept = (tmp_path / "a.bin.part").stat().st_size
    assert 0 < kept <= 100_000
    assert fetch(tmp_path, url).read_bytes() == CONTENT
    assert server.requests[1] == ("resumable", f"bytes={kept}-")
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


def test_a_server_that_cannot_resume_begins_again(tmp_path, server):
    (tmp_path / "a.bin.part").write_bytes(b"x" * 5000)
    assert fetch(tmp_path, f"{server.url}/good/a.bin").read_bytes() == CONTENT


def test_a_wrong_part_is_not_kept(tmp_path, server):
    url = f"{server.url}/resumable/a.bin"
    (tmp_path / "a.bin.part").write_bytes(b"x" * 5000)
    with pytest.raises(DatasetNotFoundError, match="wrong sha256"):
        fetch(tmp_path, url)
    (tmp_path / "a.bin.part").write_bytes(b"x" * 400_000)
    with pytest.raises(DatasetNotFoundError, match="the server answered 416"):
        fetch(tmp_path, url)
    assert list(tmp_path.iterdir()) == []


def test_a_dataset_downloads_into_torchvisions_layout(tmp_path, server):
    class Downloaded(SmallMNIST):
        mirrors = (f"{server.url}/missing/", f"{server.url}/good/")

    server.files = {
        f"{name}.gz": gzip.compress(content, mtime=0) for name, content in FILES.items()
    }
    dataset = Downloaded(tmp_path, download=True)
    assert len(dataset) == 20
    names = {path.name for path in (tmp_path / "Downloaded" / "raw").iterdir()}
    assert names == {"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"}
    asked = len(server.requests)
    assert len(Downloaded(tmp_path, download=True)) == 20
    assert len(server.requests) == asked


def test_offline_every_dataset_says_what_to_do(tmp_path, monkeypatch):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setattr(MNIST, "mirrors", (f"http://127.0.0.1:{port}/",))
    with pytest.raises(DatasetNotFoundError) as raised:
        MNIST(tmp_path, download=True)
    first, second, third = str(raised.value).splitlines()
    assert first.startswith("MNIST (train) could not be downloaded")
    assert "127.0.0.1" in second
    assert "Connect to the network" in third
    assert "FashionMNISTSample()" in third
