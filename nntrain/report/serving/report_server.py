"""An HTTP server for one page, for browsers on this machine."""

import secrets
from collections.abc import Callable
from concurrent.futures import Future
from http.server import ThreadingHTTPServer
from queue import SimpleQueue
from socketserver import TCPServer
from threading import Thread
from typing import Any

from nntrain.report.serving.page_handler import PageHandler
from nntrain.report.serving.served_page import ServedPage

ADDRESS = "127.0.0.1"

# Of the token: as many as a key for AES-256.
TOKEN_BYTES = 32

# The port that URLs omit.
DEFAULT_PORT = 80


class ReportServer(ThreadingHTTPServer):
    """Serves the page of ``get_page`` on 127.0.0.1, at a URL with a random token.

    ``port``: 0 for a free one. Other users of the machine may connect, but do not know the token. Pages of other sites
    in the same browser cannot read it: their requests have another host, also if their name has this address.
    """

    def __init__(self, port: int, get_page: Callable[[], ServedPage]) -> None:
        self.get_page = get_page
        self.token = secrets.token_urlsafe(TOKEN_BYTES)
        self.page_requests: SimpleQueue[Future[ServedPage] | None] = SimpleQueue()
        super().__init__((ADDRESS, port), PageHandler)

    def server_bind(self) -> None:
        """Bind the port, without the search for a name of the address in http.server, which may take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    @property
    def path(self) -> str:
        """The path of the page."""
        return f"/{self.token}/"

    @property
    def url(self) -> str:
        """The URL of the page."""
        return f"http://{ADDRESS}:{self.server_port}{self.path}"

    @property
    def hosts(self) -> set[str]:
        """The hosts of requests from this machine."""
        names = (ADDRESS, "localhost")
        omitted = names if self.server_port == DEFAULT_PORT else ()
        return {*(f"{name}:{self.server_port}" for name in names), *omitted}

    def run(self) -> None:
        """Serve until ``stop``, or until an exception such as KeyboardInterrupt.

        Requests have a thread each, but their pages are rendered in this one: signals interrupt only the main thread,
        and computation is configured for one.
        """
        Thread(target=self.serve_forever, daemon=True).start()
        try:
            while (request := self.page_requests.get()) is not None:
                request.set_result(self.get_page())
        finally:
            self.shutdown()
            self.server_close()

    def request_page(self) -> ServedPage:
        """Return the page, from the thread of a request."""
        request: Future[ServedPage] = Future()
        self.page_requests.put(request)
        return request.result()

    def stop(self) -> None:
        """Make ``run`` return, from another thread."""
        self.page_requests.put(None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore errors of a connection, such as one that the browser closed, which socketserver prints."""
