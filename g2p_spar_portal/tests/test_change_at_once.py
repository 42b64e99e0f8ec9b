from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, RLock
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..core.change import Step
from ..core.person import Person
from ..models.g2p_spar_change import Verdict
from .common import ACR, PortalCase

SUBJECT = "change-at-once"
BANK = "atoncebank"
PATIENCE = 20


@tagged("post_install", "-at_install")
class TestChangeAtOnce(BaseCase):
    """Two requests at the same moment, in transactions of their own, as Odoo runs them.

    What they leave is removed again.
    """

    def setUp(self):
        super().setUp()
        # Odoo holds the registry's lock while it runs tests.
        self.startPatcher(patch.object(Registry, "_lock", RLock()))
        self.remove_all()
        self.addCleanup(self.remove_all)
        with self.env() as env:
            values = PortalCase.provider_values.__func__(_Class(env), name=SUBJECT)
            provider = env["auth.oauth.provider"].create(values)
            identity = env["g2p.spar.identity"]._find_or_create(provider, SUBJECT)
            self.user_id = identity.user_id.id
            self.person = Person(
                identity.id,
                provider.id,
                provider.name,
                SUBJECT,
                f"token:{SUBJECT}@nationalId",
                *[None] * 5,
                ACR,
                fields.Datetime.now(),
            )
            kind = env.ref("g2p_spar_fa_reference.g2p_spar_provider_kind_bank")
            env["g2p.spar.provider"].create(
                {"name": BANK, "code": BANK, "kind_id": kind.id}
            )

    @contextmanager
    def env(self):
        """An environment of its own, committed at the end of the block."""
        with db_connect(get_db_name()).cursor() as cr:
            # Rather a failure that names the statement than a run that hangs.
            cr.execute("SET LOCAL lock_timeout = '20s'")
            env = api.Environment(cr, SUPERUSER_ID, {})
            yield env
            env.flush_all()

    def remove_all(self):
        with self.env() as env:
            trigger = "ALTER TABLE g2p_spar_mapping_version %s TRIGGER USER"
            key = [f"token:{SUBJECT}@nationalid"]
            env.cr.execute(trigger % "DISABLE")
            env.cr.execute(
                "DELETE FROM g2p_spar_mapping_version WHERE mapping_id IN"
                " (SELECT id FROM g2p_spar_mapping WHERE id_key = %s)",
                key,
            )
            env.cr.execute("DELETE FROM g2p_spar_mapping WHERE id_key = %s", key)
            env.cr.execute(trigger % "ENABLE")
            identities = env["g2p.spar.identity"].search([("subject", "=", SUBJECT)])
            users = identities.user_id
            partners = users.partner_id
            identities.unlink()
            users.unlink()
            partners.unlink()
            env["auth.oauth.provider"].search([("name", "=", SUBJECT)]).unlink()
            env["g2p.spar.provider"].search([("code", "=", BANK)]).unlink()

    def _mapping(self, env):
        return env["g2p.spar.own.account"].mapping(self.person)

    def begin(self, number):
        """Go to the review page. :return: token of the draft, and what was seen"""
        with self.env() as env:
            form = env["g2p.spar.change.form"]
            way = form.begin(self.person, "BANK_ACCOUNT")
            token = way.draft_sudo.token
            form.choose(way, Step.PROVIDER, BANK)
            way = form.open(self.person, token)
            names = ("part_account_number", "again_account_number")
            self.assertFalse(form.type_in(way, dict.fromkeys(names, number)))
            way = form.open(self.person, token)
            return token, env["g2p.spar.change"].review(self.person, way).digest

    def press(self, token, seen, barrier):
        """Do what the button of the review page does, as the other one does it too."""
        met = []
        with db_connect(get_db_name()).cursor() as cr:
            env = api.Environment(cr, self.user_id, {})

            def request():
                way = env["g2p.spar.change.form"].open(self.person, token)
                if not met:
                    met.append(barrier.wait(PATIENCE))
                if way.draft_sudo.state != "open":
                    return f"result {way.draft_sudo.reference}"
                return env["g2p.spar.change"].agree(self.person, way, seen)

            return retrying(request, env)

    def press_both(self, *drafts):
        barrier = Barrier(2)
        with (
            mute_logger("odoo.service.model"),
            # The conflict is expected: the request is run again, and no fault is told.
            self.assertNoLogs("odoo.sql_db", "ERROR"),
            ThreadPoolExecutor(2) as pool,
        ):
            running = [pool.submit(self.press, *draft, barrier) for draft in drafts]
            return [one.result(PATIENCE * 2) for one in running]

    def stored(self):
        """Version of the mapping, and the numbers and references of its history."""
        with self.env() as env:
            versions = self._mapping(env).version_ids
            return [(one.version, one.transaction_id) for one in versions]

    def test_a_double_click_makes_exactly_one_change(self):
        draft = self.begin("1234567890123")
        verdicts = self.press_both(draft, draft)
        [(version, reference)] = self.stored()
        self.assertEqual(version, 1)
        self.assertCountEqual(verdicts, [Verdict.DONE, f"result {reference}"])

    def test_of_two_tabs_at_once_one_is_made_and_the_other_told(self):
        drafts = self.begin("1234567890123"), self.begin("3210987654321")
        verdicts = self.press_both(*drafts)
        self.assertCountEqual(verdicts, [Verdict.DONE, Verdict.CHANGED_MEANWHILE])
        self.assertEqual(len(self.stored()), 1)


class _Class:
    """What the factory of values needs of a test class."""

    def __init__(self, env):
        self.env = env
