import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, Origin, ResolveItem
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, MapperCase

from ..models import g2p_spar_remote
from .common import use_key
from .remote_server import OtherMapper, answer_of

AWAY = "away:%s@country"
NOWHERE = "http://127.0.0.1:9/spar"


class RemoteCase(MapperCase):
    """A type of ID that is kept by another mapper, which runs on loopback."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        use_key(cls)
        cls.env["g2p.spar.outgoing.address"].create({"ip": "127.0.0.1", "note": "test"})
        cls.id_type = cls.env["g2p.spar.id.type"].create(
            {"name": "Away", "code": "away", "template": "away:{value}@country"}
        )
        cls.remote = cls.env["g2p.spar.remote.mapper"].create(
            {
                "name": "Country",
                "base_url": NOWHERE,
                "sender_id": "registry.example",
                "connect_seconds": 10,
                "total_seconds": 30,
                "failure_limit": 3,
            }
        )
        cls.id_type.remote_mapper_id = cls.remote

    def setUp(self):
        super().setUp()
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        for name, value in (
            ("_tables", {}),
            ("_tokens", {}),
            ("_folder", lambda: Path(folder)),
        ):
            self.startPatcher(patch.object(g2p_spar_remote, name, value))
        self.other = OtherMapper()
        self.addCleanup(self.other.close)
        self.remote.base_url = self.other.url

    def link_away(self, *names, user=None, **origin):
        """Link persons by IDs that are kept away. :return: causes"""
        items = [
            LinkItem(f"r-{name}", AWAY % name, BANK_FA % "123456") for name in names
        ]
        outcomes = self.mapper(user).link(items, Origin(**origin))
        return [outcome.cause for outcome in outcomes]

    def resolve_away(self, *names, **values):
        """Resolve persons whose IDs are kept away. :return: outcomes"""
        items = [
            ResolveItem(f"r-{name}", AWAY % name, None, True)._replace(**values)
            for name in names
        ]
        return self.mapper().resolve(items, Origin())

    def find(self, fa=BANK_FA % "123456", **values):
        """Let the other mapper find every ID."""
        values = {"status_reason_code": "succ.id.active", "fa": fa} | values
        self.other.answer = lambda *asked: answer_of(*asked, **values)
