from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, RLock
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name
from odoo.tools import mute_logger

from ..core.person import Person
from .common import ACR, PortalCase

SUBJECT = "two-at-once"
BANK = "atoncebank"
PATIENCE = 20


@contextmanager
def transaction():
    """An environment of its own, committed at the end of the block."""
    with db_connect(get_db_name()).cursor() as cr:
        # Rather a failure that names the statement than a run that hangs.
        cr.execute("SET LOCAL lock_timeout = '20s'")
        env = api.Environment(cr, SUPERUSER_ID, {})
        yield env
        env.flush_all()


class AtOnceCase(BaseCase):
    """What two processes do at the same moment, in transactions of their own.

    What they leave is removed again.
    """

    def setUp(self):
        super().setUp()
        # The thread that runs the tests holds the lock of the registry.
        self.startPatcher(patch.object(Registry, "_lock", RLock()))
        # A run that was cut off has left its rows.
        self.remove_all()
        self.addCleanup(self.remove_all)
        with transaction() as env:
            values = PortalCase.provider_values.__func__(_Class(env), name=SUBJECT)
            self.provider_id = env["auth.oauth.provider"].create(values).id

    def remove_all(self):
        with transaction() as env:
            providers = env["auth.oauth.provider"].search([("name", "=", SUBJECT)])
            identities = env["g2p.spar.identity"].search(
                [("provider_id", "in", providers.ids)]
            )
            users = identities.user_id
            partners = users.partner_id
            identities.unlink()
            users.unlink()
            partners.unlink()
            providers.unlink()


class RequestsAtOnceCase(AtOnceCase):
    """Two requests of one person at the same moment, as Odoo runs them."""

    def setUp(self):
        super().setUp()
        with transaction() as env:
            provider = env["auth.oauth.provider"].browse(self.provider_id)
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

    def remove_all(self):
        with transaction() as env:
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
            env["g2p.spar.provider"].search([("code", "=", BANK)]).unlink()
        # The history names the user: it goes first.
        return super().remove_all()

    def at_once(self, *requests):
        """Run requests of the person at the same moment. :return: their results

        :param requests: functions of an environment and of ``meet``, which lets the
            first try of each wait for the others once it has read something
        """
        barrier = Barrier(len(requests))
        with (
            mute_logger("odoo.service.model"),
            # The conflict is expected: the request is run again, and no fault is told.
            self.assertNoLogs("odoo.sql_db", "ERROR"),
            ThreadPoolExecutor(len(requests)) as pool,
        ):
            running = [pool.submit(self._run, one, barrier) for one in requests]
            return [one.result(PATIENCE * 2) for one in running]

    def _run(self, request, barrier):
        met = []

        def meet():
            if not met:
                met.append(barrier.wait(PATIENCE))

        with db_connect(get_db_name()).cursor() as cr:
            env = api.Environment(cr, self.user_id, {})
            return retrying(lambda: request(env, meet), env)


class _Class:
    """What the factory of values needs of a test class."""

    def __init__(self, env):
        self.env = env
