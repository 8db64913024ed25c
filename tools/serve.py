"""Show the built book on a local web server: ``python -m tools.serve [port]``."""

import functools
import http.server
import sys

from tools.environment import HTML


def main(arguments):
    """Serve _build/html on this machine alone until interrupted."""
    if not (HTML / "index.html").exists():
        sys.exit("there is no book yet: make book")
    port = int(arguments[0]) if arguments else 8000
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(HTML))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        sys.exit(f"port {port}: {error.strerror}. Name another: python -m tools serve 8001")
    print(f"http://127.0.0.1:{server.server_port}/  (stop with Ctrl-C)", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main(sys.argv[1:])
