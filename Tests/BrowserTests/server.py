"""What the browser loads: a few pages and a folder of streams, on a port of this machine alone, and never from a cache."""

import http.server
import os
import threading


class Server:
    """Serves each page by its name, and the folder's files under /streams/. A context manager."""

    def __init__(self, pages, folder):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                name = self.path.split("?")[0].lstrip("/")
                stream = os.path.join(folder, os.path.basename(name)) if name.startswith("streams/") else None
                path = pages.get(name, stream)
                if not path or not os.path.isfile(path):
                    return self.send_error(404)
                with open(path, "rb") as file:
                    data = file.read()
                self.send_response(200)
                self.send_header("Content-Type", "text/html" if name in pages else "application/octet-stream")
                self.send_header("Content-Length", str(len(data)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
