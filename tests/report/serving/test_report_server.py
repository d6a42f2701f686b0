"""The server gives one page to browsers on this machine that know its URL, and nothing else to anybody."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from http import HTTPStatus

import pytest

from nntrain.report.serving.report_server import ReportServer
from nntrain.report.serving.served_page import ServedPage

# A secret of the page, and what it is rendered in.
SECRET = "the page ü"


class Site:
    """A running server, whose page can be replaced."""

    def __init__(self) -> None:
        self.page = ServedPage(SECRET, 5)
        self.threads: list[threading.Thread] = []
        self.server = ReportServer(0, self.render)

    def render(self) -> ServedPage:
        self.threads.append(threading.current_thread())
        return self.page

    def ask(self, path: str | None = None, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
        """Send a request; ``headers`` replace those of a browser."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=60)
        connection.putrequest(method, path or self.server.path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": f"127.0.0.1:{self.server.server_port}", **headers}.items():
            if value:
                connection.putheader(name, value)
        connection.endheaders()
        return connection.getresponse()

    def send(self, request: bytes) -> bytes:
        """Send bytes, and return the answer up to its end."""
        with socket.create_connection(("127.0.0.1", self.server.server_port), timeout=60) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(1 << 16), b""))


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.server.run)
    thread.start()
    yield site
    site.server.stop()
    thread.join()


def test_the_url_gives_the_page(site: Site) -> None:
    assert site.server.url == f"http://127.0.0.1:{site.server.server_port}/{site.server.token}/"
    for host in ("127.0.0.1", "localhost", "LocalHost"):
        answer = site.ask(Host=f"{host}:{site.server.server_port}")
        assert (answer.status, answer.read().decode("utf-8")) == (200, SECRET)


def test_its_headers_keep_the_page_on_this_screen(site: Site) -> None:
    for answer in (site.ask(), site.ask("/")):
        assert answer.getheader("Cache-Control") == "no-store"
        assert answer.getheader("Referrer-Policy") == "no-referrer"
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
        assert answer.getheader("Cross-Origin-Resource-Policy") == "same-origin"
        policy = str(answer.getheader("Content-Security-Policy")).split("; ")
        assert {"default-src 'none'", "frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'"} <= set(policy)
        assert not [rule for rule in policy if rule.startswith("script")]
        assert answer.getheader("Server") == "nntrain"
        assert answer.getheader("Access-Control-Allow-Origin") is None


def test_only_a_page_that_changes_is_refreshed(site: Site) -> None:
    assert site.ask().getheader("Refresh") == "5"
    site.page = ServedPage("final", None)
    answer = site.ask()
    assert (answer.getheader("Refresh"), answer.read()) == (None, b"final")


@pytest.mark.parametrize(
    "path",
    ["/", "/favicon.ico", "/{token}", "/{token}/x", "/{token}/?", "/{token}/index.html", "/{other}/", "/{token}/../",
     "http://127.0.0.1/{token}/", "/%2e/{token}/", "/{token}%2f"],
)  # fmt: skip
def test_another_path_is_not_found(path: str, site: Site) -> None:
    token = site.server.token
    other = token[:-1] + ("A" if token[-1] != "A" else "B")
    answer = site.ask(path.format(token=token, other=other))
    assert (answer.status, answer.read(), answer.getheader("Refresh")) == (404, b"", None)
    assert site.threads == []


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "evil.example:{port}", "127.0.0.1", "localhost", "127.0.0.1:1", "127.0.0.2:{port}",
     "0.0.0.0:{port}", "[::1]:{port}", "127.0.0.1:{port}.evil.example", "evil.example@127.0.0.1:{port}",
     "127.0.0.1:{port}, evil.example"],
)  # fmt: skip
def test_another_host_is_forbidden_although_the_token_is_right(host: str, site: Site) -> None:
    answer = site.ask(Host=host.format(port=site.server.server_port))
    assert (answer.status, answer.read()) == (403, b"")
    assert site.threads == []


def test_two_hosts_are_forbidden(site: Site) -> None:
    host = f"Host: 127.0.0.1:{site.server.server_port}\r\n"
    found = site.send(f"GET {site.server.path} HTTP/1.1\r\n{host}Host: evil.example\r\n\r\n".encode())
    assert found.startswith(b"HTTP/1.0 403 ")
    assert SECRET.encode() not in found


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "get"])
def test_another_method_is_not_found(method: str, site: Site) -> None:
    answer = site.ask(method=method)
    assert (answer.status, answer.read()) == (404, b"")
    assert site.threads == []


@pytest.mark.parametrize(
    "request_bytes",
    [b"", b"\r\n\r\n", b"GET\r\n\r\n", b"\xff\x00\x1b[31m\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /{t}/\r\n\r\n",
     b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", b"GET /{t}/ HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n",
     b"GET /\xff\xfe/ HTTP/1.1\r\nHost: 127.0.0.1:{p}\r\n\r\n"],
    ids=range(9),
)  # fmt: skip
def test_a_broken_request_gets_no_page_and_prints_nothing(
    request_bytes: bytes, site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    replaced = request_bytes.replace(b"{t}", site.server.token.encode())
    found = site.send(replaced.replace(b"{p}", str(site.server.server_port).encode()))
    assert SECRET.encode() not in found
    assert b"Error" not in found.partition(b"\r\n\r\n")[2]
    assert site.threads == []
    assert site.ask().status == HTTPStatus.OK
    assert capfd.readouterr() == ("", "")


def test_a_browser_that_leaves_is_not_an_error(site: Site, capfd: pytest.CaptureFixture[str]) -> None:
    site.page = ServedPage("x" * 10_000_000, None)
    with socket.create_connection(("127.0.0.1", site.server.server_port)) as connection:
        head = f"GET {site.server.path} HTTP/1.1\r\nHost: 127.0.0.1:{site.server.server_port}\r\n\r\n"
        connection.sendall(head.encode())
        connection.recv(1)
    assert site.ask().read() == b"x" * 10_000_000
    assert capfd.readouterr() == ("", "")


def test_an_idle_connection_does_not_keep_others_waiting(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.server.server_port)):
        assert site.ask().status == HTTPStatus.OK


def test_pages_are_rendered_in_the_thread_that_runs_the_server(site: Site) -> None:
    for _ in range(3):
        site.ask().read()
    assert len(site.threads) == 3
    (thread,) = set(site.threads)
    assert thread is not threading.main_thread()
    assert "process_request_thread" not in thread.name


def test_other_machines_cannot_connect_and_tokens_differ() -> None:
    with ReportServer(0, lambda: ServedPage("", None)) as one, ReportServer(0, lambda: ServedPage("", None)) as other:
        assert one.server_address[0] == other.server_address[0] == "127.0.0.1"
        assert one.token != other.token
        assert min(len(one.token), len(other.token)) >= 43  # 32 bytes in base64


def test_an_exception_ends_the_server() -> None:
    def stop() -> ServedPage:
        raise KeyboardInterrupt

    server = ReportServer(0, stop)
    server.page_requests.put(None)
    server.run()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.server_port))
    server = ReportServer(0, stop)
    threading.Thread(target=server.request_page, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        server.run()
    assert server.socket.fileno() == -1
