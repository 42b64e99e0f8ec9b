import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from psycopg2.errors import ForeignKeyViolation, InsufficientPrivilege

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open, mute_logger

from ..core.commands import CheckItem, UnlinkItem
from ..core.reason import Cause
from .change_common import ChangeCase
from .common import BANK_FA, NATIONAL_ID, STAFF, account_of
from .roles import READERS, ROLES, create_users
from .roles import STAFF as STAFF_ROLES

CHECKS, SERVICE = "g2p.spar.verification", "g2p.spar.name.service"


@tagged("post_install", "-at_install")
class TestLadderOfMappings(ChangeCase):
    def setUp(self):
        super().setUp()
        self.link("ana", name="Ana")

    def add(self, *checks, name="ana", user=None, **values):
        """Note checks of a person. :return: causes"""
        items = [
            CheckItem(str(n), NATIONAL_ID % name, rung, result, "seen", **values)
            for n, (rung, result) in enumerate(checks)
        ]
        outcomes = self.mapper(user).add_checks(items, STAFF)
        return [outcome.cause for outcome in outcomes]

    def level(self, name="ana"):
        return self.mapping(name).verification_level

    def test_the_form_is_the_first_rung(self):
        self.assertEqual(self.level(), "1")
        self.link("opaque", fa="whatever this is")
        self.assertEqual(self.level("opaque"), "0")

    def test_checks_are_kept_with_their_evidence(self):
        causes = self.add((2, "passed"), (3, "passed"), (4, "unclear"))
        self.assertEqual(causes, [Cause.DONE] * 3)
        mapping = self.mapping("ana")
        self.assertEqual((mapping.verification_level, mapping.version), ("3", 1))
        self.assertRecordValues(
            mapping.verification_ids[0],
            [
                {
                    "rung": "4",
                    "result": "unclear",
                    "evidence": "seen",
                    "channel": "staff",
                    "user_id": self.api_user.id,
                    "is_present": True,
                }
            ],
        )

    def test_what_was_found_can_be_taken_back(self):
        self.add((3, "passed"))
        self.add((3, "failed"))
        self.assertEqual(self.level(), "1")

    def test_another_address_begins_anew(self):
        self.add((5, "passed"))
        self.update("ana", "777")
        self.assertEqual(self.level(), "1")
        self.assertFalse(self.mapping("ana").verification_ids.is_present)
        self.update("ana", account_of("ana"))
        self.assertEqual(self.level(), "5")

    def test_refusals(self):
        table = [
            (((1, "passed"),), {}, Cause.CHECK_INVALID),
            (((9, "passed"),), {}, Cause.CHECK_INVALID),
            (((2, "perhaps"),), {}, Cause.CHECK_INVALID),
            (((2, "passed"),), {"fa": BANK_FA % "1"}, Cause.FA_DIFFERS),
            (((2, "passed"),), {"name": "nobody"}, Cause.ID_UNKNOWN),
        ]
        for checks, values, expected in table:
            with self.subTest(checks=checks, values=values):
                self.assertEqual(self.add(*checks, **values), [expected])
        self.mapper().unlink([UnlinkItem("1", NATIONAL_ID % "ana")])
        self.assertEqual(self.add((2, "passed")), [Cause.ID_UNKNOWN])
        self.assertFalse(self.mapping("ana").verification_ids)

    def test_a_batch_asks_as_often_as_one(self):
        self.add((2, "passed"))
        before = self.env.cr.sql_log_count
        self.add((2, "passed"))
        one = self.env.cr.sql_log_count - before
        self.add(*[(2, "passed")] * 30)
        self.assertEqual(self.env.cr.sql_log_count - before - one, one)

    def test_nothing_is_changed_afterwards(self):
        self.add((2, "passed"))
        check = self.mapping("ana").verification_ids
        for operation in (
            lambda: check.create({}),
            lambda: check.write({"result": "failed"}),
            check.unlink,
        ):
            with self.assertRaises(AccessError):
                operation()
        for statement in (
            "UPDATE g2p_spar_verification SET result = 'failed'",
            "DELETE FROM g2p_spar_verification",
        ):
            with (
                self.assertRaises(InsufficientPrivilege),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    def test_roles(self):
        self.add((2, "passed"))
        check = self.mapping("ana").verification_ids
        for role, user in create_users(self.env).items():
            table = [
                (READERS, lambda u=user: check.with_user(u).read(["rung"])),
                (STAFF_ROLES, lambda u=user: check.with_user(u).read(["fa_key"])),
                (
                    ("api", *STAFF_ROLES),
                    lambda u=user: self.add((2, "passed"), user=u),
                ),
                (("admin", "auditor"), lambda u=user: self.services(u).search([])),
                (
                    ("admin",),
                    lambda u=user: self.services(u).create({"name": "S", "url": URL}),
                ),
                ((), lambda u=user: self.services(u).search([]).read(["token_sealed"])),
            ]
            for number, (allowed, operation) in enumerate(table):
                with self.subTest(role=role, operation=number):
                    self.env.invalidate_all()
                    if role in allowed:
                        operation()
                    else:
                        with self.assertRaises(AccessError), self.cr.savepoint():
                            operation()
        self.assertEqual(len(ROLES), 9)

    def services(self, user):
        return self.env[SERVICE].with_user(user)


URL = "https://names.example.org/check"


class _Names(BaseHTTPRequestHandler):
    """A service that knows one holder; what it was asked stands in ``asked``."""

    holders = {}
    asked = []
    status = 200

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        question = json.loads(self.rfile.read(length))
        self.asked.append((question, self.headers.get("Authorization")))
        holder = self.holders.get(question["account"])
        outcome = "match" if question["name"] == holder else "none"
        answer = {"reference": question["reference"], "outcome": outcome}
        body = json.dumps(answer | {"check_id": "c7"}).encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Write no log."""


@tagged("post_install", "-at_install")
class TestNameCheck(ChangeCase):
    """A real service behind a real connection."""

    def setUp(self):
        super().setUp()
        self.env[SERVICE].search([]).active = False
        self.link("ana", name="Ana Lima")
        _Names.asked = []
        _Names.status = 200
        _Names.holders = {BANK_FA % account_of("ana"): "Ana Lima"}
        server = HTTPServer(("127.0.0.1", 0), _Names)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.env["g2p.spar.outgoing.address"].create(
            {"ip": "127.0.0.1", "port": server.server_port, "note": "test"}
        )
        self.service = self.env[SERVICE].create(
            {
                "name": "Names",
                "url": f"http://127.0.0.1:{server.server_port}/check",
                "token": "s3cret",
            }
        )

    def ask(self, name="ana"):
        """Ask for a person's name. :return: cause and verdict"""
        outcome = self.mapper().check_name(NATIONAL_ID % name, STAFF)
        return outcome.cause, outcome.detail

    def test_a_match_is_a_rung(self):
        self.assertEqual(self.ask(), (Cause.DONE, "match"))
        mapping = self.mapping("ana")
        self.assertEqual(mapping.verification_level, "3")
        self.assertEqual(mapping.verification_ids.evidence, "match c7")
        [(question, authorization)] = _Names.asked
        self.assertEqual(authorization, "Bearer s3cret")
        self.assertEqual(set(question), {"reference", "account", "name"})
        self.assertNotIn(NATIONAL_ID % "ana", str(question))

    def test_another_name_fails_and_stops_nothing(self):
        _Names.holders = {}
        self.assertEqual(self.ask(), (Cause.DONE, "none"))
        self.assertEqual(self.mapping("ana").verification_level, "1")
        self.assertTrue(self.paid("ana"))

    def test_a_service_out_of_order_decides_nothing(self):
        _Names.status = 503
        self.assertEqual(self.ask(), (Cause.DONE, "not_possible"))
        self.service.url = "http://127.0.0.1:9/check"
        self.assertEqual(self.ask(), (Cause.DONE, "not_possible"))
        results = set(self.mapping("ana").verification_ids.mapped("result"))
        self.assertEqual(results, {"unclear"})

    def test_who_is_asked(self):
        other = self.env["g2p.spar.provider"].create(
            {"name": "Other", "code": "otherbank", "kind_id": self.kind.id}
        )
        self.service.provider_ids = other
        self.assertEqual(self.ask(), (Cause.DONE, "not_possible"))
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ForeignKeyViolation),
            self.cr.savepoint(),
        ):
            other.unlink()
        self.service.provider_ids += self.provider
        self.assertEqual(self.ask(), (Cause.DONE, "match"))
        self.assertEqual(len(_Names.asked), 1)

    def test_nobody_is_asked_without_a_name_or_a_link(self):
        self.link("bea")
        self.assertEqual(self.ask("bea"), (Cause.DONE, "not_possible"))
        self.assertEqual(self.ask("nobody"), (Cause.ID_UNKNOWN, None))
        self.assertEqual(_Names.asked, [])

    def press(self, name="ana"):
        """Press the officers' button. :return: how the answer looks"""
        mapping = self.mapping(name).with_user(self.officer)
        mapping.invalidate_recordset()
        self.assertTrue(mapping.can_check_name)
        return mapping.action_check_name()["params"]["type"]

    def test_officers_ask(self):
        self.assertEqual(self.press(), "success")
        _Names.holders = {}
        self.assertEqual(self.press(), "danger")
        _Names.status = 503
        self.assertEqual(self.press(), "warning")
        checks = self.mapping("ana").verification_ids
        self.assertEqual(checks.user_id, self.officer)
        self.assertEqual(
            checks.sorted("id").mapped("result"), ["passed", "failed", "unclear"]
        )

    def test_the_button_is_there_when_somebody_can_be_asked(self):
        self.link("bea")
        self.assertFalse(self.mapping("bea").can_check_name)
        self.link("caro", name="Caro", fa="no strategy reads this")
        self.assertTrue(self.mapping("caro").can_check_name)
        self.service.provider_ids = self.provider
        self.env.invalidate_all()
        self.assertFalse(self.mapping("caro").can_check_name)
        self.assertTrue(self.mapping("ana").can_check_name)
        self.service.active = False
        self.env.invalidate_all()
        self.assertFalse(self.mapping("ana").can_check_name)

    def test_viewers_do_not_ask(self):
        viewer = new_test_user(
            self.env, "spar_names_viewer", groups="g2p_spar_mapper.group_viewer"
        )
        mapping = self.mapping("ana").with_user(viewer)
        with self.assertRaises(AccessError):
            mapping.action_check_name()
        self.assertEqual(_Names.asked, [])

    def test_nobody_is_asked_about_an_address_that_is_gone(self):
        self.mapper().unlink(self.unlink_items("ana"), STAFF)
        with self.assertRaises(UserError):
            self.mapping("ana").with_user(self.officer).action_check_name()
        self.assertEqual(_Names.asked, [])

    def test_the_token_is_sealed_and_never_shown(self):
        self.assertFalse(self.service.token)
        self.assertTrue(self.service.has_token)
        self.assertNotIn("s3cret", self.service.sudo().token_sealed)

    def test_a_copy_of_the_database_asks_nobody(self):
        self.env.flush_all()
        with file_open("g2p_spar_mapper/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(self.service.active)
        self.assertFalse(self.service.has_token)

    def test_an_address_that_is_none_is_refused(self):
        for url in ("names", "ftp://names.example.org", "https://user@x.example"):
            with self.subTest(url), self.assertRaises(ValidationError):
                self.service.url = url
