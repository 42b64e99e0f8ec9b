from concurrent.futures import ThreadPoolExecutor
from threading import Event
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..core.login_rules import digest_browser
from ..core.oidc.callback import digest_state
from ..core.oidc.errors import OidcError
from ..core.oidc.login import Started
from ..models.g2p_spar_login import G2PSparLogin
from ..models.g2p_spar_oidc_login import _seal
from ..models.transaction import own_transaction
from .at_once_common import SUBJECT, AtOnceCase, transaction
from .login_common import LoginCase

STATE, BROWSER = "state-of-two-at-once", "browser-of-two-at-once"
KIND = "at_once"
MANY = 40


@tagged("post_install", "-at_install")
class TestAtOnce(AtOnceCase):
    """First logins, callbacks and counts of two processes at the same moment."""

    def remove_all(self):
        with transaction() as env:
            env.cr.execute(
                "DELETE FROM g2p_spar_throttle WHERE key LIKE %s", [f"{KIND}:%"]
            )
        return super().remove_all()

    def log_in_first(self, began=None, go_on=None):
        """Make the identity of the person. :return: its id"""
        with (
            transaction() as env,
            own_transaction(env["g2p.spar.identity"]) as model,
        ):
            provider = model.env["auth.oauth.provider"].browse(self.provider_id)
            identity = model._find_or_create(provider, SUBJECT)
            if began:
                began.set()
                go_on.wait(10)
            return identity.id

    def test_two_first_logins_of_one_person(self):
        began, go_on = Event(), Event()
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(self.log_in_first, began, go_on)
            self.assertTrue(began.wait(10))
            second = pool.submit(self.log_in_first)
            with self.assertRaises(TimeoutError):
                second.result(timeout=0.3)
            go_on.set()
            self.assertEqual(first.result(10), second.result(10))

    def take(self):
        with transaction() as env:
            try:
                return env["g2p.spar.oidc.login"].take(STATE, BROWSER).pending.nonce
            except OidcError as error:
                return error.code

    def test_a_login_is_taken_by_one_of_many(self):
        with transaction() as env:
            env["g2p.spar.oidc.login"].create(
                {
                    "state_digest": digest_state(STATE),
                    "browser_digest": digest_browser(BROWSER),
                    "provider_id": self.provider_id,
                    "purpose": "login",
                    "sealed": _seal(Started("", STATE, "nonce", "verifier", {})),
                    "redirect_uri": "https://spar.test/spar/oidc/callback",
                    "return_path": "/my/benefit-account",
                    "started_at": 0,
                    "ends_at": 9e9,
                }
            )
        with ThreadPoolExecutor(8) as pool:
            ends = list(pool.map(lambda _n: self.take(), range(8)))
        self.assertEqual(sorted(ends), ["nonce"] + ["state_mismatch"] * 7)

    def hit(self):
        with transaction() as env:
            return env["g2p.spar.throttle"].hit(KIND, "kiosk", MANY - 1, 60)

    def test_every_attempt_is_counted_once(self):
        with ThreadPoolExecutor(8) as pool:
            waits = list(pool.map(lambda _n: self.hit(), range(MANY)))
        self.assertEqual(sum(wait > 0 for wait in waits), 1)


class _Conflict(SerializationFailure):
    """What PostgreSQL says when two transactions wrote the same row."""

    pgcode = "40001"


@tagged("post_install", "-at_install")
class TestAgain(LoginCase):
    """Odoo calls a route again after a conflict: no code is redeemed twice."""

    @mute_logger("odoo.service.model")
    def test_a_conflict_after_the_code_was_redeemed(self):
        tries = []
        sign_in = G2PSparLogin.sign_in

        def conflict_once(*args):
            tries.append(1)
            if len(tries) == 1:
                raise _Conflict()
            return sign_in(*args)

        self.start()
        with (
            patch.object(G2PSparLogin, "sign_in", conflict_once),
            patch("odoo.service.model.time.sleep"),
        ):
            answer = self.back()
        self.assertEqual(self.path_of(answer), "/my/benefit-account")
        self.assertEqual((len(tries), len(self.finished)), (2, 1))
        self.assertEqual(self.events(), {("login", "succeeded"): 1})
