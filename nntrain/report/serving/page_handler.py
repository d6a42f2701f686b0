"""The requests to the server of a report."""

import secrets
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nntrain.report.serving.report_server import ReportServer

HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class PageHandler(BaseHTTPRequestHandler):
    """Answers GET of the path with the token, if the host is that of the server; everything else is an empty error."""

    server: "ReportServer"

    # Seconds without data after which a connection is closed: browsers open some that they do not use.
    timeout = 10

    def do_GET(self) -> None:
        """Send the page."""
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or hosts[0].lower() not in self.server.hosts:
            self.send_error(HTTPStatus.FORBIDDEN)
        elif not secrets.compare_digest(self.path.encode(), self.server.path.encode()):
            self.send_error(HTTPStatus.NOT_FOUND)
        else:
            page = self.server.request_page()
            refresh = {} if page.refresh is None else {"Refresh": str(page.refresh)}
            self.send_page(HTTPStatus.OK, page.html, refresh)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send an empty page. http.server calls it, too, for other methods and for requests that it cannot read."""
        self.close_connection = True
        self.send_page(HTTPStatus.NOT_FOUND if code == HTTPStatus.NOT_IMPLEMENTED else code, "", {})

    def send_page(self, code: int, html: str, headers: dict[str, str]) -> None:
        """Send a page."""
        content = html.encode("utf-8", "backslashreplace")
        self.send_response(code)
        for name, value in {**HEADERS, **headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def version_string(self) -> str:
        """Return the name of the server, without the versions of Python and http.server."""
        return "nntrain"

    def log_message(self, *args: Any) -> None:
        """Print nothing: the text of a request comes from others."""
