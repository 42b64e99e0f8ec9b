import json
import logging
import re
from unittest.mock import patch

from odoo import http
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .. import usage as counting
from ..core.usage import CallFiles
from .common import ConnectCase

CONSOLE = "/spar/v1/console"
_LOCAL = re.compile(r'(?:src|href)="(?!/|#)')


class PagesCase(ConnectCase):
    """A partner with a sandbox twin, and a person of it."""

    def setUp(self):
        super().setUp()
        self.contact = new_test_user(
            self.env, "spar_test_contact", groups="base.group_portal"
        )
        self.sender.write({"contact_user_ids": self.contact.ids, "may_status": True})
        self.sender.action_make_twin()
        self.twin = self.sender.twin_ids
        self.startPatcher(patch.object(CallFiles, "note"))
        self.startPatcher(patch.object(counting, "_files", {}))

    def as_contact(self):
        """Log the person in."""
        self.authenticate(self.contact.login, self.contact.login)

    def assertStrict(self, response):
        """The page loads and runs our own files only, and cannot be framed."""
        policy = response.headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertIn("frame-ancestors 'none'", policy)
        self.assertNotIn("unsafe", policy)
        self.assertNotIn("http", policy)
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        self.assertNotRegex(response.text, _LOCAL)
        self.assertNotRegex(response.text, r"<script(?![^>]*\bsrc=)")
        self.assertNotRegex(response.text, r"<style|\son[a-z]+=|\sstyle=")


@tagged("post_install", "-at_install")
class TestDocs(PagesCase):
    def test_page(self):
        response = self.url_open("/spar/v1/docs")
        self.assertEqual(response.status_code, 200)
        self.assertStrict(response)

    def test_everything_it_loads_is_here(self):
        page = self.url_open("/spar/v1/docs").text
        files = re.findall(r'(?:src|href)="(/g2p_spar_connect_api/[^"]+)"', page)
        self.assertGreater(len(files), 4)
        for file in files:
            with self.subTest(file=file):
                self.assertEqual(self.url_open(file).status_code, 200)

    def test_no_session_is_made(self):
        self.assertNotIn("Set-Cookie", self.url_open("/spar/v1/docs").headers)


@tagged("post_install", "-at_install")
class TestConsole(PagesCase):
    def _send(self, name="link", mode="sync", body=None, token=True, **form):
        if body is None:
            body = json.dumps(self.message(name, [self.link_item("Con")]))
        form |= {"name": name, "mode": mode, "body": body}
        if token:
            form["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(f"{CONSOLE}/send", data=form)

    def _try(self, *args, **kw):
        response = self._send(*args, **kw)
        self.assertEqual(response.status_code, 200, response.text)
        answer = response.json()
        return answer["status"], json.loads(answer["body"])

    # === WHO GETS IN === #

    def test_who_is_not_logged_in_is_asked_to(self):
        response = self.url_open(CONSOLE, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    @mute_logger("odoo.http")
    def test_who_may_use_it(self):
        stranger = new_test_user(self.env, "spar_stranger", groups="base.group_portal")
        admin = new_test_user(
            self.env, "spar_an_admin", groups="g2p_spar_mapper.group_admin"
        )
        for user, status in ((self.contact, 200), (stranger, 403), (admin, 403)):
            self.authenticate(user.login, user.login)
            with self.subTest(user=user.login):
                page = self.url_open(CONSOLE)
                self.assertEqual(page.status_code, status)
                self.assertStrict(page)
                for path in ("partner", "log", "callback/1"):
                    got = self.url_open(f"{CONSOLE}/{path}").status_code
                    expected = 404 if status == 200 and "/" in path else status
                    self.assertEqual(got, expected, path)

    def test_whose_partner_is_shut_out(self):
        self.as_contact()
        self.twin.active = False
        self.assertEqual(self.url_open(CONSOLE).status_code, 403)
        self.assertEqual(self._send().status_code, 403)

    @mute_logger("odoo.http")
    def test_another_site_cannot_send(self):
        self.as_contact()
        self.assertEqual(self._send(token=False).status_code, 400)
        self.assertEqual(self.url_open(f"{CONSOLE}/send").status_code, 404)

    # === TRYING OUT === #

    def test_a_link_stays_in_the_sandbox(self):
        self.as_contact()
        before = self.mappings()
        status, body = self._try()
        self.assertEqual((status, body["header"]["status"]), (200, "succ"))
        self.assertEqual(self.mappings(), before)
        question = json.dumps(
            self.message("resolve", [self.item("Con", scope="details")])
        )
        _status, body = self._try("resolve", body=question)
        [result] = body["message"]["resolve_response"]
        self.assertEqual(result["fa"], self.link_item("Con")["fa"])
        [outside] = self.results("resolve", [self.item("Con", scope="details")])
        self.assertFalse(outside.get("fa"))

    def test_later_and_status(self):
        self.as_contact()
        status, body = self._try(mode="async")
        self.assertEqual((status, body["message"]["ack_status"]), (200, "NACK"))
        question = {
            "reference_id": "1",
            "txn_type": "link",
            "attribute_type": "transaction_id",
            "attribute_value": "t1",
        }
        message = self.message("txn-status", [])
        message["message"] = {
            "transaction_id": "t2",
            "txnstatus_request": question,
        }
        status, body = self._try("txn-status", body=json.dumps(message))
        self.assertEqual(status, 200)
        self.assertNotIn("No message of yours", json.dumps(body))

    def test_refusals_are_shown_as_programs_get_them(self):
        self.as_contact()
        table = [
            # body -> status, code
            ("no JSON", 400, "err.request.bad"),
            ("{}", 400, "err.request.bad"),
        ]
        for body, status, code in table:
            with self.subTest(body=body):
                got, answer = self._try(body=body)
                self.assertEqual((got, answer["errors"][0]["code"]), (status, code))
        self.twin.may_link = False
        self.assertEqual(self._try()[0], 403)

    def test_limits_hold(self):
        self.as_contact()
        self.twin.request_limit = 1
        self._try()
        self.assertEqual(self._try()[0], 429)

    def test_unknown_ways_are_refused(self):
        self.as_contact()
        self.assertEqual(self._send(name="drop").status_code, 400)
        self.assertEqual(self._send(mode="never").status_code, 400)

    def test_the_audit_log_has_a_line(self):
        self.as_contact()
        with self.assertLogs("g2p_spar.audit", logging.INFO) as logs:
            self._try()
        line = json.loads(logs.records[-1].getMessage())
        self.assertEqual((line["via"], line["sender"]), ("console", self.twin.mnemonic))
        self.assertEqual((line["op"], line["status"], line["items"]), ("link", 200, 1))

    # === WHAT IT SHOWS === #

    def test_nothing_secret_is_told(self):
        self.as_contact()
        self.new_secret(self.twin)
        told = self.url_open(f"{CONSOLE}/partner").text
        for secret in (self.twin.secret_ids.digest, self.sender.secret_ids.digest):
            self.assertNotIn(secret, told)
        self.assertNotIn(self.sender.client_id, told)
        self.assertEqual(json.loads(told)["sender_id"], self.twin.mnemonic)

    def test_every_example_is_a_message_that_is_understood(self):
        self.as_contact()
        examples = self.url_open(f"{CONSOLE}/partner").json()["examples"]
        self.assertEqual(len(examples), 10)
        for example in examples:
            with self.subTest(name=example["name"], mode=example["mode"]):
                status, body = self._try(
                    example["name"], example["mode"], example["body"]
                )
                self.assertEqual(status, 200, body)
                self.assertNotIn("err.", json.dumps(body))

    def test_callbacks_are_shown_to_their_partner_alone(self):
        facts = self.env["g2p.spar.sender"].get_facts
        deliveries = self.env["g2p.spar.delivery"]
        body = {"header": {"status": "succ"}, "message": {"told": "yes"}}
        for sender in (self.twin, self.sender):
            deliveries.post(facts(sender.client_id), "link", body, f"c-{sender.id}")
        mine, others = (
            deliveries.search([("sender_id", "=", sender.id)])
            for sender in (self.twin, self.sender)
        )
        self.as_contact()
        log = self.url_open(f"{CONSOLE}/log").json()
        self.assertEqual([line["id"] for line in log["callbacks"]], mine.ids)
        shown = self.url_open(f"{CONSOLE}/callback/{mine.id}")
        self.assertEqual(shown.json()["message"]["told"], "yes")
        other = self.url_open(f"{CONSOLE}/callback/{others.id}")
        self.assertEqual(other.status_code, 404)

    # === IN A BROWSER === #

    def test_browser(self):
        """Send a message by keyboard; what comes back is text, whatever it holds."""
        self.twin.name = "<img src=x onerror=document.title='run'>"
        code = """
            const byId = (id) => document.getElementById(id);
            const until = async (test) => {
                while (!test()) await new Promise((go) => setTimeout(go, 20));
            };
            (async () => {
                await until(() => byId("message").value);
                const message = JSON.parse(byId("message").value);
                message.message.link_request[0].name = "<script>1</script>";
                message.message.link_request[0].reference_id = "<b>1</b>";
                byId("message").value = JSON.stringify(message);
                byId("form").requestSubmit();
                await until(() => byId("status").textContent);
                if (!byId("status").textContent.startsWith("HTTP 200")) {
                    throw new Error(byId("answer").textContent);
                }
                if (!byId("answer").textContent.includes("<b>1</b>")) {
                    throw new Error("the answer is not shown as it came");
                }
                if (document.querySelector("main b, img, main script")) {
                    throw new Error("text became an element");
                }
                if (document.activeElement !== byId("answer-title")) {
                    throw new Error("the answer has not got the focus");
                }
                if (document.title === "run") throw new Error("text was run");
                const fields = [
                    ...document.querySelectorAll("select, textarea, input")];
                const unlabelled = fields.filter(
                    (one) => one.type !== "hidden" && !one.labels.length);
                if (unlabelled.length) throw new Error("fields without label");
                console.log("test successful");
            })().catch((error) => console.error(error.message));
        """
        self.browser_js(CONSOLE, code, login=self.contact.login)


@tagged("post_install", "-at_install")
class TestDocsInBrowser(PagesCase):
    def test_browser(self):
        """The contract is drawn, and a call carries the token of the field."""
        code = """
            const until = async (test) => {
                while (!test()) await new Promise((go) => setTimeout(go, 50));
            };
            (async () => {
                await until(() => document.querySelectorAll(".opblock").length > 8);
                document.getElementById("token").value = "no-token-of-ours";
                document.querySelector(".opblock-summary-control").click();
                await until(() => document.querySelector(".try-out__btn"));
                document.querySelector(".try-out__btn").click();
                await until(() => document.querySelector(".execute"));
                document.querySelector(".execute").click();
                await until(() => document.querySelector(".live-responses-table"));
                const foreign = performance.getEntriesByType("resource")
                    .filter((one) => !one.name.startsWith(location.origin)
                        && !one.name.startsWith("data:"));
                if (foreign.length) throw new Error(foreign[0].name);
                const status = document.querySelector(
                    ".live-responses-table .response .response-col_status").textContent;
                if (!status.startsWith("401")) throw new Error("answered " + status);
                console.log("test successful");
            })().catch((error) => console.error(error.message));
        """
        self.browser_js(
            "/spar/v1/docs", code, error_checker=lambda text: "401" not in text
        )
