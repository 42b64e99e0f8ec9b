"""Command line of the mock: ``python -m mock_esignet --port 8088``."""

import argparse
import json
import os
import sys
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from .app import make_app
from .clients import BadRegistration, Client
from .inbox import smtp_server
from .safety import Unsafe, require_safe
from .store import Store


def main() -> int:
    """Serve until the process is ended.

    :return: exit code, 2 when the mock must not run here
    """
    options = _options()
    try:
        require_safe(options.host, os.environ)
    except Unsafe as error:
        sys.stderr.write(f"The mock eSignet does not start here. {error}\n")
        return 2
    # authlib speaks plain HTTP only when told to: nothing leaves this machine.
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    store = Store()
    try:
        _register_known(store, options.clients)
    except (BadRegistration, ValueError) as error:
        sys.stderr.write(f"{options.clients} cannot be used: {error}\n")
        return 2
    _serve(store, options)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mock_esignet", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8088)
    parser.add_argument("--smtp-port", type=int, default=0, help="0: no mail server")
    parser.add_argument("--clients", type=Path, help="JSON: client id -> registration")
    return parser.parse_args()


def _register_known(store: Store, path: Path | None) -> None:
    """Register the clients of a file, if there is one.

    :raise BadRegistration, ValueError: it is not such a file
    """
    if path and path.exists():
        for client_id, values in json.loads(path.read_text()).items():
            store.register(Client.registered(client_id, values))


def _serve(store: Store, options: argparse.Namespace) -> None:
    WSGIRequestHandler.protocol_version = "HTTP/1.1"
    app = make_app(store, f"http://{options.host}:{options.port}")
    web = make_server(options.host, options.port, app, threaded=True)
    mail = None
    if options.smtp_port:
        mail = smtp_server(store, options.host, options.smtp_port)
        mail.start()
    try:
        web.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        web.server_close()
        if mail:
            mail.stop()


if __name__ == "__main__":
    sys.exit(main())
