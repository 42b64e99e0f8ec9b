from unittest.mock import patch

from odoo.tests import tagged

from ..core.commands import Outcome, ResolveItem
from ..core.reason import Cause, Operation
from .common import NATIONAL_ID, STAFF, MapperCase


@tagged("post_install", "-at_install")
class TestForward(MapperCase):
    """What was done elsewhere keeps its place, and nothing is done for it here."""

    def forward_first(self, outcome):
        """Let the first item of each call be done elsewhere. :return: the calls"""
        calls = []

        def forward(_self, operation, items, origin):
            calls.append((operation, list(items), origin))
            return [outcome, *items[1:]]

        service = type(self.env["g2p.spar.mapper"])
        self.startPatcher(patch.object(service, "forward", forward))
        return calls

    def test_writes(self):
        calls = self.forward_first(Outcome(Cause.REMOTE_UNAVAILABLE))
        outcomes = self.link("away", "here")
        self.assertEqual(
            [one.cause for one in outcomes], [Cause.REMOTE_UNAVAILABLE, Cause.DONE]
        )
        self.assertFalse(self.mapping("away"))
        self.assertTrue(self.mapping("here"))
        [(operation, items, origin)] = calls
        self.assertEqual((operation, len(items)), (Operation.LINK, 2))
        self.assertEqual(origin.channel, "staff")

    def test_resolve(self):
        self.link("away", "here")
        found = Outcome(Cause.ID_ACTIVE, True, fa="account:1@elsewhere")
        self.forward_first(found)
        first, second = self.resolve("away", "here")
        self.assertEqual(first, found)
        self.assertEqual(second.cause, Cause.ID_ACTIVE)

    def test_what_was_forwarded_before_is_not_forwarded_again(self):
        done = Outcome(Cause.DONE)
        for verb in ("link", "update", "unlink", "resolve"):
            with self.subTest(verb):
                self.assertEqual(getattr(self.mapper(), verb)([done]), [done])

    def test_steps_of_staff_stay_here(self):
        calls = self.forward_first(Outcome(Cause.DONE))
        self.step("hold", "nobody", origin=STAFF)
        self.assertEqual(calls, [])

    def test_nothing_is_forwarded_by_itself(self):
        items = [ResolveItem("r", NATIONAL_ID % "x")]
        forwarded = self.env["g2p.spar.mapper"].forward(Operation.RESOLVE, items, STAFF)
        self.assertEqual(list(forwarded), items)

    def test_it_cannot_be_called_over_rpc(self):
        method = type(self.env["g2p.spar.mapper"]).forward
        self.assertTrue(getattr(method, "_api_private", False))
