"""The same over HTTP: POST a catalogue, get what its pages need."""

from __future__ import annotations

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .catalogue import NotACatalogue, format_json

_MOST_BYTES = 64 * 1024 * 1024


class Handler(BaseHTTPRequestHandler):
    """Answers POST requests; what they hold is never written to the log."""

    def do_POST(self) -> None:
        """Format the catalogue in the body."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _MOST_BYTES:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, json.dumps({"error": "send a body of known length"}))
            return
        try:
            self._answer(HTTPStatus.OK, format_json(self.rfile.read(int(length))))
        except NotACatalogue as error:
            self._answer(HTTPStatus.BAD_REQUEST, json.dumps({"error": str(error)}))

    def _answer(self, status: HTTPStatus, body: str) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing: a service that runs elsewhere has a log of its own."""


def make_server(port: int) -> ThreadingHTTPServer:
    """Return a server on this machine alone; port 0 takes any that is free."""
    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
