import itertools
import json
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from odoo import fields
from odoo.tests.common import Opener

from odoo.addons.g2p_spar_connect_api.core.jose.keys import read_keys
from odoo.addons.g2p_spar_connect_api.tests.common import SenderCase
from odoo.addons.g2p_spar_connect_api.tests.jose_samples import public_jwk, sign
from odoo.addons.g2p_spar_connect_api.tests.samples import STAMP
from odoo.addons.g2p_spar_portal.tests.pages_common import PagesCase

from .. import consent_use
from ..const import ASK
from ..core.request import AUDIENCE
from ..models.g2p_spar_consent import token_key

BACK = "https://school.example.org/back"
_counter = itertools.count()


class ConsentCase(PagesCase, SenderCase):
    """An application with a key, a person with a session, and requests between them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purpose = cls.make_purpose("fees", "address")
        cls.app = cls.make_application()

    def setUp(self):
        super().setUp()
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        self.startPatcher(patch.object(consent_use, "_files", {}))
        self.use_folder = Path(folder)
        for module in ("consent_use", "models.g2p_spar_consent_use"):
            path = f"odoo.addons.g2p_spar_consent.{module}.folder_of"
            self.startPatcher(patch(path, lambda _database: self.use_folder))

    @classmethod
    def make_purpose(cls, code, disclosure="payable", **values):
        return cls.env["g2p.spar.purpose"].create(
            {
                "name": f"Purpose {code}",
                "code": code,
                "disclosure": disclosure,
                "consent_text": f"To pay back your {code}",
                **values,
            }
        )

    @classmethod
    def make_application(cls, key="ec", **values):
        """Make an application with a key of its own."""
        sender = cls.make_sender(
            **{
                "may_link": False,
                "may_update": False,
                "may_unlink": False,
                "all_id_types": False,
                "purpose_ids": cls.purpose.ids,
                "may_ask_consent": True,
                "consent_name": "School Fees Online",
                "consent_code": f"school{next(_counter)}.example",
                "consent_redirects": BACK,
                **values,
            }
        )
        [public] = read_keys(json.dumps(public_jwk(key)))
        keys = cls.env["g2p.spar.partner.key"]
        keys.create({**keys._prepare_vals(public), "sender_id": sender.id})
        return sender

    # === WHAT THE APPLICATION SENDS === #

    def jwt(self, key="ec", app=None, **claims):
        """A signed request; claims of none are left out."""
        said = {
            "iss": (app or self.app).client_id,
            "aud": AUDIENCE,
            "jti": f"r{next(_counter)}",
            "exp": int(time.time()) + 300,
            "purpose": "fees",
            "period": 90,
            "app_token": "u-17",
            "redirect_uri": BACK,
            "state": "xyz",
            **claims,
        }
        said = {name: one for name, one in said.items() if one is not None}
        return sign(json.dumps(said).encode(), key, detached=False)

    def arrive(self, text=None, **claims):
        """Come with a request. :return: the answer, and where it leads"""
        text = self.jwt(**claims) if text is None else text
        answer = self.url_open(f"{ASK}?request={text}", allow_redirects=False)
        return self._read(answer)

    def page(self, **claims):
        """Come with a request, as somebody who is logged in. :return: the page"""
        answer = self.arrive(**claims)
        self.assertEqual(answer.status_code, 303, answer.text)
        return self.get(urlsplit(answer.headers["Location"]).path)

    def say(self, page, answer="yes", **changes):
        """Press a button of the page, and stop where it leads."""
        [form] = page.doc.xpath(f"//form[input[@name='answer'][@value='{answer}']]")
        sent = dict(form.form_values()) | changes
        action = form.get("action")
        return self.url_open(action, data=sent, allow_redirects=False)

    def agree(self, **claims):
        """Agree to a request. :return: the consent"""
        answer = self.say(self.page(**claims))
        told = self.told(answer)
        self.assertEqual(told["result"], "agreed")
        return self.env["g2p.spar.consent"].search(
            [("reference", "=", told["consent"])]
        )

    def told(self, answer):
        """What the browser brings back to the application."""
        self.assertEqual(answer.status_code, 303, answer.text)
        place = answer.headers["Location"]
        self.assertTrue(place.startswith(BACK), place)
        return {name: one for name, [one] in parse_qs(urlsplit(place).query).items()}

    # === WHAT THE APPLICATION ASKS === #

    def ask(self, *tokens, app=None, purpose="fees", scope="details"):
        """Resolve by the application's names. :return: results"""
        app = app or self.app
        items = self.items(tokens or ["u-17"], app, scope)
        return self.ask_items(items, app, purpose)

    def ask_items(self, items, app=None, purpose="fees"):
        """Send a resolve with these items. :return: results"""
        app = app or self.app
        message = self.message(items=items, purpose=purpose)
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self.access_token(app)}",
        }
        with self.program():
            response = self.url_open(
                "/spar/v1/mapper/sync/resolve",
                data=json.dumps(message).encode(),
                method="POST",
                headers=headers,
            )
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()["message"]["resolve_response"]

    def items(self, names, app=None, scope="details"):
        """Items about people as an application names them."""
        code = (app or self.app).consent_code
        return [
            {
                "reference_id": f"ref{number}",
                "timestamp": STAMP,
                "id": f"token:{name}@{code}",
                "scope": scope,
            }
            for number, name in enumerate(names)
        ]

    def message(self, names=(), items=None, purpose="fees"):
        """A resolve as public clients send it."""
        items = self.items(names) if items is None else items
        header = {
            "version": "1.0.0",
            "message_id": f"m{next(_counter)}",
            "message_ts": STAMP,
            "action": "resolve",
            "total_count": len(items),
            "meta": {"purpose": purpose} if purpose else {},
        }
        return {
            "header": header,
            "message": {"transaction_id": "t1", "resolve_request": items},
        }

    @contextmanager
    def program(self):
        """Call as a program does, which has no session."""
        browser, self.opener = self.opener, Opener(self)
        for cookie in browser.cookies:
            if cookie.name != "session_id":
                self.opener.cookies.set_cookie(cookie)
        try:
            yield
        finally:
            self.opener = browser

    def access_token(self, app):
        form = {
            "grant_type": "client_credentials",
            "client_id": app.client_id,
            "client_secret": self.new_secret(app),
        }
        with self.program():
            response = self.url_open("/spar/v1/oauth2/client/token", data=form)
        return response.json()["access_token"]

    def store(self, name="amina", token=None, app=None, **values):
        """Store a consent without the pages."""
        app = app or self.app
        reference = self.env["g2p.spar.strategy"].get_reference()
        now = fields.Datetime.now()
        is_live = values.get("state", "active") == "active"
        return self.env["g2p.spar.consent"].create(
            {
                "reference": f"R{next(_counter)}",
                "sender_id": app.id,
                "purpose_id": self.purpose.id,
                "disclosure": self.purpose.disclosure,
                "token_key": is_live and token_key(app.id, token or "u-17"),
                "request_name": f"r{next(_counter)}",
                "id_key": reference.read_id(f"token:{name}@nationalId").id_key,
                "since": now,
                "until": fields.Datetime.add(now, days=90),
                "state": "active",
                "text_version": "1",
                "text_hash": "h",
                "text": "What was read",
                "lang": "en_US",
                "proof": "acr=x",
                **values,
            }
        )
