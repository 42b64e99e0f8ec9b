import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, Origin, ResolveItem
from odoo.addons.g2p_spar_mapper.core.reason import Cause, Operation
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, MapperCase

from ..models import g2p_spar_remote
from .common import ConnectCase, use_key
from .remote_server import TOKEN, OtherMapper, answer_of
from .roles import ADMIN, AUDITOR, OPERATIONS, OTHERS

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
                "connect_seconds": 1,
                "total_seconds": 1,
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
        self.id_type.remote_mapper_id = False
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


@tagged("post_install", "-at_install")
class TestAccess(RemoteCase):
    """The registry proves who it is, and nobody reads how."""

    def use_token(self):
        self.remote.write(
            {
                "token_url": f"{self.other.url}/token",
                "client_id": "me",
                "client_secret": "s3cret",
                "token_scope": "mapper.link",
            }
        )

    def test_a_token_is_asked_for_once(self):
        self.use_token()
        self.link_away("a")
        self.link_away("b")
        [form] = self.other.tokens
        self.assertEqual(
            form,
            b"grant_type=client_credentials&client_id=me&client_secret=s3cret"
            b"&scope=mapper.link",
        )
        for _path, headers, _message in self.other.requests:
            self.assertEqual(headers["Authorization"], f"Bearer {TOKEN}")

    def test_a_refused_token_is_thrown_away(self):
        self.use_token()
        self.other.answer = lambda *asked: (401, b"{}")
        self.assertEqual(self.link_away("a"), [Cause.REMOTE_UNAVAILABLE])
        self.other.answer = answer_of
        self.assertEqual(self.link_away("a"), [Cause.DONE])
        self.assertEqual(len(self.other.tokens), 2)

    def test_other_credentials_need_another_token(self):
        self.use_token()
        self.link_away("a")
        self.remote.client_secret = "another"
        self.link_away("a")
        self.assertIn(b"client_secret=another", self.other.tokens[1])

    def test_no_token_means_no_message(self):
        self.use_token()
        self.other.token_status = 401
        self.assertEqual(self.link_away("a"), [Cause.REMOTE_UNAVAILABLE])
        self.assertEqual(self.other.requests, [])
        self.assertEqual(self.remote.last_error, "access_refused")

    def test_a_secret_goes_in_and_never_out(self):
        self.use_token()
        self.assertTrue(self.remote.has_secret)
        self.assertFalse(self.remote.client_secret)
        self.env.flush_all()
        self.env.cr.execute("SELECT secret_sealed FROM g2p_spar_remote_mapper")
        self.assertNotIn("s3cret", str(self.env.cr.fetchall()))
        admin = new_test_user(self.env, "remote_admin", groups=ADMIN)
        shown = self.remote.with_user(admin)
        self.assertNotIn("secret_sealed", shown.read()[0])
        with self.assertRaises(AccessError):
            shown.read(["secret_sealed"])

    def test_messages_are_signed_where_that_is_wanted(self):
        self.remote.is_signed = True
        self.link_away("a")
        [(_path, headers, _message)] = self.other.requests
        self.assertIn("Signature", headers)

    def test_without_the_key_of_the_server_nothing_is_sent(self):
        self.use_token()
        self.env.flush_all()
        # Sealed with a key that is gone.
        self.remote.sudo().secret_sealed = "gAAAAABnonsense"
        self.assertEqual(self.link_away("a"), [Cause.REMOTE_UNAVAILABLE])
        self.assertEqual(self.other.tokens, [])


@tagged("post_install", "-at_install")
class TestRecord(RemoteCase):
    """The form: who may, what is refused, what is shown."""

    def test_matrix(self):
        rights = {ADMIN: OPERATIONS, AUDITOR: ("read",)}
        for number, role in enumerate((ADMIN, AUDITOR, *OTHERS)):
            user = new_test_user(self.env, f"remote_{number}", groups=role)
            table = self.env["g2p.spar.remote.mapper"].with_user(user)
            found = tuple(op for op in OPERATIONS if table.has_access(op))
            with self.subTest(role):
                self.assertEqual(found, rights.get(role, ()))

    def test_private_methods(self):
        for model, names in {
            "g2p.spar.remote": ("exchange", "try_out", "get_health"),
            "g2p.spar.remote.mapper": ("get_routes", "get_facts"),
            "g2p.spar.mapper": ("forward",),
        }.items():
            for name in names:
                with self.subTest(model, name=name):
                    method = getattr(type(self.env[model]), name)
                    self.assertTrue(getattr(method, "_api_private", False))

    def test_bad_values_are_refused(self):
        for values in (
            {"base_url": "ftp://a.example"},
            {"base_url": "https://u:p@a.example"},
            {"base_url": "https://a.example/?x"},
            {"token_url": "nonsense", "client_id": "me"},
            {"token_url": "https://a.example/token"},
            {"item_limit": 0},
            {"total_seconds": 61},
            {"failure_limit": 0},
            {"pause_seconds": 0},
            {"active": False},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.remote.write(values)

    def test_a_type_in_use_here_is_not_given_away(self):
        self.id_type.remote_mapper_id = False
        self.link_away("a")
        with self.assertRaises(ValidationError):
            self.id_type.remote_mapper_id = self.remote

    def test_the_form_shows_where_it_leads(self):
        with Form(self.remote) as form:
            form.base_url = "https://mapper.example/v1/"
            for style, url in (
                ("mapper_sync", "https://mapper.example/v1/mapper/sync/resolve"),
                ("sync", "https://mapper.example/v1/sync/resolve"),
                ("mapper", "https://mapper.example/v1/mapper/resolve"),
                ("plain", "https://mapper.example/v1/resolve"),
            ):
                form.path_style = style
                self.assertEqual(form.example_url, url)

    def test_connections_are_tested_by_administrators(self):
        admin = new_test_user(self.env, "tester", groups=ADMIN)
        remote = self.remote.with_user(admin)
        notice = remote.action_test_connection()["params"]
        self.assertEqual(notice["type"], "success")
        [message] = self.other.messages()
        [asked] = message["message"]["resolve_request"]
        self.assertRegex(asked["id"], r"^away:[0-9a-f-]{36}@country$")
        auditor = new_test_user(self.env, "looker", groups=AUDITOR)
        with self.assertRaises(AccessError):
            self.remote.with_user(auditor).action_test_connection()

    def test_a_wrong_dialect_and_a_failure_are_told(self):
        self.find(status_reason_code=None)
        notice = self.remote.with_user(self._admin()).action_test_connection()
        self.assertEqual(notice["params"]["type"], "warning")
        self.other.answer = lambda *asked: (404, b"")
        with self.assertRaises(UserError) as caught:
            self.remote.with_user(self._admin()).action_test_connection()
        self.assertIn("404", str(caught.exception))

    def _admin(self):
        found = self.env["res.users"].search([("login", "=", "remote_tester")])
        return found or new_test_user(self.env, "remote_tester", groups=ADMIN)
