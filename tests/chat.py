"""A chat's webhook, for the tests: a real web server on this machine."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Chat(ThreadingHTTPServer):
    """A chat's webhook: it answers with the codes that it is told, then with 200, and keeps the messages that it accepts.

    It is a watchdog too: it counts the requests for `/alive`.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Webhook)
        self.codes: list[int] = []
        self.asked = 0
        self.alive = 0
        self.messages: list[str] = []
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"{self.address}/hooks/secret-token"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def lines(self) -> list[str]:
        return [line for message in self.messages for line in message.split("\n")]

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _Webhook(BaseHTTPRequestHandler):
    server: Chat

    def do_GET(self) -> None:
        assert self.path == "/alive"
        self.server.alive += not self.server.codes
        self._answer()

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        if self._answer() == 200:
            assert self.headers["Content-Type"] == "application/json"
            assert self.path == "/hooks/secret-token"
            body = json.loads(content)
            assert body.keys() == {"text"}
            self.server.messages.append(body["text"])

    def _answer(self) -> int:
        code = self.server.codes.pop(0) if self.server.codes else 200
        self.send_response(code)
        self.end_headers()
        return code

    def log_message(self, *_: object) -> None:
        pass
