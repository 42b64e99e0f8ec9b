import base64
import itertools
import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from odoo.addons.g2p_spar_fa_reference.core import seal
from odoo.addons.g2p_spar_mapper.tests.common import (
    BANK_FA,
    NATIONAL_ID,
    MapperCase,
    account_of,
)

from ..models import g2p_spar_access
from .samples import STAMP

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
TOKEN_URL = "/spar/v1/oauth2/client/token"
_counter = itertools.count()


def use_key(test_class):
    """Give a test class a key of its own, whatever the environment has."""
    without = {k: v for k, v in os.environ.items() if k != seal.KEY_FILE_VARIABLE}
    patcher = patch.dict(os.environ, without | {seal.KEY_VARIABLE: KEY}, clear=True)
    patcher.start()
    seal.forget_keys()
    test_class.addClassCleanup(seal.forget_keys)
    test_class.addClassCleanup(patcher.stop)


@contextmanager
def no_key():
    """Take the server's key away."""
    with patch.dict(os.environ, {seal.KEY_VARIABLE: ""}):
        seal.forget_keys()
        yield
    seal.forget_keys()


class SenderCase(MapperCase):
    """One partner with all operations and a secret."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        use_key(cls)
        # Those of the database were sealed with its own key.
        cls.env["g2p.spar.own.key"].search([]).unlink()
        cls.sender = cls.make_sender()
        cls.secret = cls.new_secret(cls.sender)

    def setUp(self):
        """Count from zero in each test."""
        super().setUp()
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        self.startPatcher(patch.object(g2p_spar_access, "_tables", {}))
        self.startPatcher(
            patch.object(g2p_spar_access, "_folder", lambda: Path(folder))
        )

    @classmethod
    def make_sender(cls, **values):
        """Make a partner that may do all operations with all ID types."""
        return cls.env["g2p.spar.sender"].create(
            {
                "name": "Partner",
                "mnemonic": f"partner{next(_counter)}.example.org",
                "may_link": True,
                "may_update": True,
                "may_unlink": True,
                "all_id_types": True,
                **values,
            }
        )

    @classmethod
    def new_secret(cls, sender, **kw):
        """Give a partner a secret. :return: the secret"""
        return cls.env["g2p.spar.sender.secret"].issue(sender, **kw)


@tagged("post_install", "-at_install")
class ConnectCase(SenderCase, HttpCase):
    """Real HTTP requests of one partner."""

    def token(self, sender=None, secret=None, **form):
        """Get an access token."""
        response = self.ask_token(sender, secret, **form)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()["access_token"]

    def ask_token(self, sender=None, secret=None, **form):
        """Ask for a token. :return: the response"""
        sender = sender or self.sender
        form = {
            "grant_type": "client_credentials",
            "client_id": sender.client_id,
            "client_secret": secret or self.secret,
            **form,
        }
        return self.url_open(TOKEN_URL, data=form)

    def post(self, operation, body, token=None, **headers):
        """Send a body. :return: the response

        :param body: bytes, or what becomes JSON
        """
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        return self.url_open(
            f"/spar/v1/mapper/sync/{operation}",
            data=body,
            method="POST",
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {token or self.token()}",
                **headers,
            },
        )

    def message(self, operation, items, message_id=None, **header):
        """A message as public clients send it."""
        return {
            "header": {
                "version": "1.0.0",
                "message_id": message_id or f"m{next(_counter)}",
                "message_ts": STAMP,
                "action": operation,
                "total_count": len(items),
                **header,
            },
            "message": {"transaction_id": "t1", f"{operation}_request": items},
        }

    def item(self, person, **values):
        """An item about a person; see :meth:`MapperCase.link`."""
        return {
            "reference_id": f"ref-{person}",
            "timestamp": STAMP,
            "id": NATIONAL_ID % person,
            **values,
        }

    def link_item(self, person, **values):
        """An item that links a person to an account of its own."""
        return self.item(person, fa=BANK_FA % account_of(person), **values)

    def results(self, operation, items, **kw):
        """Send a message and return its results."""
        response = self.post(operation, self.message(operation, items), **kw)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()["message"][f"{operation}_response"]

    def assertRefused(self, response, status, code):
        """The response refuses the request in the words of the protocol."""
        self.assertEqual(response.status_code, status, response.text)
        self.assertEqual(response.headers["Content-Type"], "application/json")
        [error] = response.json()["errors"]
        self.assertEqual(error["code"], code)
        self.assertTrue(error["message"].endswith("."), error["message"])
        self.assertNotIn("Traceback", response.text)
        return error["message"]

    def mappings(self):
        """How many mappings there are."""
        return self.env["g2p.spar.mapping"].search_count([])
