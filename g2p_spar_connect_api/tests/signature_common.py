import json
import shutil
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from unittest.mock import patch

from ..core.jose.keys import read_keys
from ..core.moment import write_moment
from ..models import g2p_spar_issuer, g2p_spar_signature
from .common import ConnectCase
from .jose_samples import public_jwk
from .key_server import KeyServer


class SignatureCase(ConnectCase):
    """Requests of a partner that has keys."""

    def setUp(self):
        """Remember nothing of other tests."""
        super().setUp()
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        self.startPatcher(patch.object(g2p_spar_signature, "_seen", {}))
        self.startPatcher(patch.object(g2p_spar_issuer, "_verified", {}))
        self.startPatcher(
            patch.object(g2p_spar_signature, "_folder", lambda: Path(folder))
        )

    @classmethod
    def add_key(cls, name="rsa", sender=None, **values):
        """Register a key of the partner."""
        [key] = read_keys(json.dumps(public_jwk(name)))
        keys = cls.env["g2p.spar.partner.key"]
        return keys.create(
            {
                **keys._prepare_vals(key),
                "sender_id": (sender or cls.sender).id,
                **values,
            }
        )

    def publish(self, *names):
        """Let a server publish keys, and allow calling it."""
        server = KeyServer(*(public_jwk(name) for name in names))
        self.addCleanup(server.close)
        self.env["g2p.spar.outgoing.address"].create(
            {
                "ip": "127.0.0.1",
                "port": int(server.url.split(":")[2].split("/")[0]),
                "note": "test",
            }
        )
        return server

    def body(self, operation="resolve", items=None, **header):
        """A message that is written now, as bytes."""
        header = {"message_ts": write_moment(datetime.now(timezone.utc)), **header}
        message = self.message(operation, items or [self.item("Ana")], **header)
        return json.dumps(message).encode()

    def send(self, body, operation="resolve", path="/spar/v1/mapper/sync/", **headers):
        """Send a body without a token. :return: the response"""
        return self.url_open(
            f"{path}{operation}",
            data=body,
            method="POST",
            headers={"Content-Type": "application/json", **headers},
        )
