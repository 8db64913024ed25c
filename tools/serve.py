"""Show the built book on a local web server: ``python -m tools.serve [port]``.

The server compresses text as any host of web pages does, so that what is measured on it holds.
"""

import functools
import gzip
import http.server
import io
import sys
import threading
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from tools.environment import HTML

# What a browser insists on. Named here because Windows may have other ideas of them.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ipynb": "application/x-ipynb+json",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
COMPRESSED = {".css", ".html", ".ipynb", ".js", ".json", ".svg", ".txt", ".xml"}


@functools.lru_cache(maxsize=256)
def content(path, modified, compress):
    """The bytes of a file as they are sent; ``modified`` makes a changed file be read again."""
    data = path.read_bytes()
    return gzip.compress(data, 6, mtime=0) if compress else data


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files of a folder: typed, compressed, with the folder's own page for what is not there."""

    protocol_version = "HTTP/1.1"  # one connection serves many files
    base = "/"
    extensions_map = {"": "application/octet-stream", **TYPES}  # noqa: RUF012 (as in the base)
    max_age = 0
    quiet = False

    def send_head(self):
        """Send the headers for a file of the folder; return its bytes, ready to be read."""
        address = urlsplit(self.path).path
        if address.startswith(self.base):
            path = Path(self.translate_path("/" + address.removeprefix(self.base)))
            if path.is_dir() and address.endswith("/"):
                path /= "index.html"
            elif path.is_dir():
                return self.redirect(address + "/")
            if path.is_file():
                return self.send_file(path, HTTPStatus.OK)
        missing = Path(self.directory, "404.html")
        if missing.is_file():
            return self.send_file(missing, HTTPStatus.NOT_FOUND)
        return self.send_error(HTTPStatus.NOT_FOUND)

    def redirect(self, address):
        """Send the browser to another address; there is nothing to read."""
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send_file(self, path, status):
        """Send the headers of one file and return its bytes, or say that the browser has it."""
        modified = self.date_time_string(path.stat().st_mtime)
        known = self.headers.get("If-Modified-Since") == modified and status == HTTPStatus.OK
        compress = path.suffix in COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", "")
        data = b"" if known else content(path, path.stat().st_mtime_ns, compress)
        self.send_response(HTTPStatus.NOT_MODIFIED if known else status)
        self.send_header("Content-Type", self.guess_type(path))
        if compress:
            self.send_header("Content-Encoding", "gzip")
        if not known:
            self.send_header("Content-Length", str(len(data)))
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("Last-Modified", modified)
        self.send_header("Cache-Control", f"max-age={self.max_age}")
        self.end_headers()
        return io.BytesIO(data)

    def log_message(self, *arguments):
        """Keep silent where a test or a measurement asks."""
        if not self.quiet:
            super().log_message(*arguments)


class Server(http.server.ThreadingHTTPServer):
    """A thread a connection; a browser that hangs up is no news."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        """Report what is not a closed connection."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def make_server(folder, port, **settings):
    """A server of a folder on this machine alone; port 0 takes any free one."""
    kind = type("Handler", (Handler,), settings)
    return Server(("127.0.0.1", port), functools.partial(kind, directory=str(folder)))


@contextmanager
def serving(folder, port=0, max_age=600, base="/"):
    """The address (without the base) of a server of a folder that runs beside the caller.

    Args:
        folder: what is served, a built book.
        port: 0 takes any free one.
        max_age: seconds for which a browser need not ask again; GitHub Pages says 600.
        base: the path under which the folder appears, such as ``/book/``.

    Raises:
        FileNotFoundError: if there is no such folder.
        ValueError: if the base does not begin and end with a slash.
    """
    if not (base.startswith("/") and base.endswith("/")):
        raise ValueError(f"base: {base!r} given; expected a path such as '/' or '/book/'")
    if not Path(folder).is_dir():
        raise FileNotFoundError(f"folder: {folder} is no folder; expected that of a built book")
    server = make_server(folder, port, max_age=max_age, base=base, quiet=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def main(arguments):
    """Serve _build/html on this machine alone until interrupted."""
    if not (HTML / "index.html").exists():
        sys.exit("there is no book yet: make book")
    port = int(arguments[0]) if arguments else 8000
    try:
        server = make_server(HTML, port)
    except OSError as error:
        sys.exit(f"port {port}: {error.strerror}. Name another: python -m tools serve 8001")
    print(f"http://127.0.0.1:{server.server_port}/  (stop with Ctrl-C)", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main(sys.argv[1:])
