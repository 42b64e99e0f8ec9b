from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, Origin, ResolveItem
from odoo.addons.g2p_spar_mapper.core.reason import Cause, Operation
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA

from ..models import g2p_spar_remote
from .common import ConnectCase
from .remote_common import AWAY, NOWHERE, RemoteCase
from .remote_server import answer_of


@tagged("post_install", "-at_install")
class TestForwarding(RemoteCase):
    """Callers are served by the other mapper and need not know."""

    def test_a_batch_is_done_in_two_places(self):
        items = [
            LinkItem("r1", AWAY % "a", BANK_FA % "1"),
            LinkItem("r2", "token:here@nationalId", BANK_FA % "2"),
            LinkItem("r3", AWAY % "b", BANK_FA % "3"),
            LinkItem("r1", "token:again@nationalId", BANK_FA % "4"),
        ]
        outcomes = self.mapper().link(items, Origin())
        self.assertEqual(
            [outcome.cause for outcome in outcomes],
            [Cause.DONE, Cause.DONE, Cause.DONE, Cause.REFERENCE_DUPLICATE],
        )
        [message] = self.other.messages()
        sent = message["message"]["link_request"]
        self.assertEqual([one["reference_id"] for one in sent], ["r1", "r3"])
        self.assertTrue(self.mapping("here"))
        stored = self.env["g2p.spar.mapping"].search_count(
            [("id_type_id", "=", self.id_type.id)]
        )
        self.assertEqual(stored, 0)

    def test_every_verb(self):
        for verb in ("link", "update", "unlink", "resolve"):
            make = ResolveItem if verb == "resolve" else LinkItem
            item = make("r", AWAY % "a", BANK_FA % "1")
            with self.subTest(verb):
                [outcome] = getattr(self.mapper(), verb)([item], Origin())
                self.assertTrue(outcome.succeeded)
                path = self.other.requests[-1][0]
                self.assertEqual(path, f"/spar/v1/mapper/sync/{verb}")

    def test_a_found_address_comes_back_with_provider_and_parts(self):
        self.find()
        [outcome] = self.resolve_away("a")
        self.assertEqual(
            (outcome.cause, outcome.fa), (Cause.ID_ACTIVE, BANK_FA % "123456")
        )
        self.assertTrue(outcome.payable)
        self.assertEqual(outcome.provider_id, self.provider.id)
        self.assertIn("123456", outcome.fa_parts)

    def test_an_address_that_must_not_be_paid_stays_away(self):
        for code in ("succ.id.inactive", "succ.id.not_found", "rjct.id.invalid", None):
            self.find(status_reason_code=code)
            with self.subTest(code):
                [outcome] = self.resolve_away("a")
                self.assertEqual((outcome.payable, outcome.fa), (False, None))

    def test_large_batches_go_in_several_messages(self):
        self.remote.item_limit = 2
        self.assertEqual(self.link_away(*"abcde"), [Cause.DONE] * 5)
        sizes = [m["header"]["total_count"] for m in self.other.messages()]
        self.assertEqual(sizes, [2, 2, 1])

    def test_a_repeated_message_is_the_same_bytes(self):
        named = {"message_id": "m1", "message_ts": "2026-01-01T00:00:00Z"}
        for _ in range(2):
            self.link_away("a", sender="pbms", transaction_id="t", **named)
        first, second = self.other.messages()
        self.assertEqual(first, second)
        self.link_away("a", sender="pbms", transaction_id="t", message_id="m2")
        self.assertNotEqual(
            first["header"]["message_id"],
            self.other.messages()[2]["header"]["message_id"],
        )

    def test_what_goes_round_in_a_circle_ends(self):
        self.assertEqual(self.link_away("a", hops=2), [Cause.DONE])
        self.assertEqual(self.other.messages()[0]["header"]["meta"], {"forwarded": 3})
        self.assertEqual(self.link_away("a", hops=3), [Cause.REMOTE_REFUSED])
        self.assertEqual(len(self.other.requests), 1)

    def test_sandboxes_stay_here(self):
        self.link_away("a", sandbox="s1")
        self.assertEqual(self.other.requests, [])

    def test_rights_are_checked_before_anything_is_sent(self):
        with self.assertRaises(AccessError):
            self.link_away("a", user=self.viewer)
        nobody = new_test_user(self.env, "nobody", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.mapper(nobody).forward(
                Operation.LINK, [LinkItem("r", AWAY % "a", BANK_FA % "1")], Origin()
            )
        self.assertEqual(self.other.requests, [])

    def test_without_another_mapper_nothing_costs_a_query(self):
        types = self.env["g2p.spar.id.type"].with_context(active_test=False)
        types.search([("remote_mapper_id", "!=", False)]).remote_mapper_id = False
        mapper = self.mapper()
        mapper.forward(Operation.RESOLVE, [], Origin())
        items = [ResolveItem("r", AWAY % "a")]
        with self.assertQueryCount(0):
            self.assertIs(mapper.forward(Operation.RESOLVE, items, Origin()), items)


@tagged("post_install", "-at_install")
class TestForwardingOverHttp(RemoteCase, ConnectCase):
    """A partner's message is sent on once, whatever becomes of its repeats."""

    def away(self, **values):
        values = {"fa": BANK_FA % "1", **values}
        return self.item("a", **values) | {"id": AWAY % "a"}

    def test_a_repeat_is_answered_from_here(self):
        message = self.message("link", [self.away()], message_id="m-once")
        first = self.post("link", message)
        self.assertEqual(self.post("link", message).content, first.content)
        self.assertEqual(len(self.other.requests), 1)
        message["message"]["transaction_id"] = "another"
        refused = self.post("link", message).json()
        self.assertEqual(
            refused["header"]["status_reason_code"], "rjct.message_id.duplicate"
        )
        self.assertEqual(len(self.other.requests), 1)

    def test_an_answer_carries_what_was_found_away(self):
        self.find()
        [result] = self.results("resolve", [self.away(scope="details", fa=None)])
        self.assertEqual(result["fa"], BANK_FA % "123456")
        self.assertEqual(result["account_provider_info"]["code"], "testbank")

    def test_a_failure_is_said_in_a_code_of_the_operation(self):
        self.other.answer = lambda *asked: None
        codes = {
            "link": "rjct.unknown.retry",
            "update": "rjct.id.invalid",
            "unlink": "rjct.id.invalid",
            "resolve": "rjct.id.invalid",
        }
        for operation, code in codes.items():
            with self.subTest(operation):
                [result] = self.results(operation, [self.away()])
                self.assertEqual(result["status_reason_code"], code)
                self.assertIn("mapper", result["status_reason_message"])

    def test_a_message_says_how_often_it_was_sent_on(self):
        message = self.message("link", [self.away()], meta={"forwarded": 3})
        self.post("link", message)
        self.assertEqual(self.other.requests, [])


@tagged("post_install", "-at_install")
class TestFailing(RemoteCase):
    """What fails away is told clearly, and nothing waits for it for long."""

    def health(self):
        return self.env["g2p.spar.remote"].get_health(self.remote.id)

    def test_nobody_listens(self):
        self.remote.base_url = NOWHERE
        self.assertEqual(self.link_away("a"), [Cause.REMOTE_UNAVAILABLE])
        [outcome] = self.resolve_away("a")
        self.assertEqual(outcome.cause, Cause.REMOTE_UNAVAILABLE)
        self.assertEqual(self.remote.last_error, "unreachable")

    def test_a_question_is_asked_twice_and_a_change_once(self):
        self.other.answer = lambda *asked: None
        self.resolve_away("a")
        self.assertEqual(len(self.other.requests), 2)
        self.assertEqual(self.link_away("a"), [Cause.REMOTE_UNCERTAIN])
        self.assertEqual(len(self.other.requests), 3)

    def test_a_change_that_failed_there_is_not_called_undone(self):
        self.other.answer = lambda *asked: (500, b"")
        self.assertEqual(self.link_away("a"), [Cause.REMOTE_UNCERTAIN])
        self.other.answer = lambda *asked: (400, b"")
        self.assertEqual(self.link_away("a"), [Cause.REMOTE_UNAVAILABLE])

    def test_what_was_not_sent_is_not_uncertain(self):
        self.remote.item_limit = 1
        self.other.answer = lambda *asked: None
        self.assertEqual(
            self.link_away("a", "b", "c"),
            [Cause.REMOTE_UNCERTAIN] + [Cause.REMOTE_UNAVAILABLE] * 2,
        )
        self.assertEqual(len(self.other.requests), 1)

    def test_after_failures_it_is_left_alone_and_then_tried(self):
        self.other.answer = lambda *asked: None
        for _ in range(3):
            self.link_away("a")
        self.assertEqual(self.remote.health_state, "open")
        self.other.answer = grant_all = lambda *asked: answer_of(*asked)
        self.assertEqual(self.link_away("a"), [Cause.REMOTE_UNAVAILABLE])
        self.assertEqual(len(self.other.requests), 3)
        later = self.health().opened_at + self.remote.pause_seconds
        with patch.object(g2p_spar_remote.time, "time", lambda: later):
            self.assertEqual(self.link_away("a"), [Cause.DONE])
        self.assertIs(self.other.answer, grant_all)
        self.remote.invalidate_recordset()
        self.assertEqual(self.remote.health_state, "closed")

    def test_what_stands_inside_is_not_called_unless_allowed(self):
        self.env["g2p.spar.outgoing.address"].search([]).unlink()
        self.assertEqual(self.link_away("a"), [Cause.REMOTE_UNAVAILABLE])
        self.assertEqual(self.remote.last_error, "address_forbidden")
        self.assertEqual(self.other.requests, [])

    def test_nothing_is_written_by_a_resolve(self):
        self.find()
        self.resolve_away("a")
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.resolve_away("b")
        self.assertEqual(self.env.cr.sql_log_count, before)
