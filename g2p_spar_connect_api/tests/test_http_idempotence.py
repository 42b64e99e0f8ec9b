from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.common import NATIONAL_ID

from .common import ConnectCase
from .samples import FA


@tagged("post_install", "-at_install")
class TestIdempotence(ConnectCase):
    def test_repeat_is_answered_with_the_same_bytes(self):
        items = [self.link_item("a"), self.item("b", fa=5), self.item("c", fa="")]
        for operation in ("link", "update", "unlink"):
            message = self.message(operation, items)
            first = self.post(operation, message)
            versions = self.env["g2p.spar.mapping.version"].search_count([])

            again = self.post(operation, message)

            with self.subTest(operation):
                self.assertEqual(again.content, first.content)
                self.assertEqual(
                    self.env["g2p.spar.mapping.version"].search_count([]), versions
                )

    def test_repeat_after_things_have_changed(self):
        link = self.message("link", [self.link_item("a")])
        first = self.post("link", link)
        self.results("unlink", [self.item("a")])
        self.sender.legacy_codes = True

        again = self.post("link", link)

        self.assertEqual(again.content, first.content)
        [found] = self.results("resolve", [self.item("a")])
        self.assertNotEqual(found["status_reason_code"], "succ.id.active")

    def test_sentence_of_an_item_is_repeated(self):
        message = self.message(
            "link", [self.item("a", fa="account:x@indigo.testbank.testacc")]
        )

        first, again = (self.post("link", message) for _n in range(2))

        self.assertEqual(again.content, first.content)

    def test_same_name_for_another_message(self):
        self.post("link", self.message("link", [self.link_item("a")], "name"))

        for operation in ("link", "unlink"):
            message = self.message(operation, [self.link_item("b")], "name")
            response = self.post(operation, message)
            header = response.json()["header"]
            with self.subTest(operation):
                self.assertEqual(response.status_code, 200)
                self.assertEqual(
                    (header["status"], header["status_reason_code"]),
                    ("rjct", "rjct.message_id.duplicate"),
                )
                [result] = response.json()["message"][f"{operation}_response"]
                self.assertEqual(result["id"], NATIONAL_ID % "b")
        self.assertFalse(self.mapping("b"))

    def test_names_belong_to_their_sender(self):
        other = self.make_sender()
        token = self.token(other, self.new_secret(other))

        self.post("link", self.message("link", [self.link_item("a")], "name"))
        response = self.post(
            "link", self.message("link", [self.link_item("b")], "name"), token
        )

        self.assertEqual(response.json()["header"]["status"], "succ")

    def test_rejected_message_may_be_corrected_under_its_name(self):
        wrong = self.message("link", [self.link_item("a")], "name", version="9")
        self.post("link", wrong)

        response = self.post(
            "link", self.message("link", [self.link_item("a")], "name")
        )

        self.assertEqual(response.json()["header"]["status"], "succ")

    def test_resolve_is_answered_afresh_and_kept_nowhere(self):
        kept = self.env["g2p.spar.message"].search_count([])
        message = self.message("resolve", [self.item("a", scope="details")])

        before = self.post("resolve", message).json()
        self.results("link", [self.link_item("a")])
        after = self.post("resolve", message).json()

        codes = [
            answer["message"]["resolve_response"][0]["status_reason_code"]
            for answer in (before, after)
        ]
        self.assertEqual(codes, ["succ.id.not_found", "succ.id.active"])
        self.assertEqual(self.env["g2p.spar.message"].search_count([]), kept + 1)

    def test_nothing_of_the_content_is_kept(self):
        info = [{"name": "n", "value": "private"}]
        item = self.item("private", fa=FA, name="private", additional_info=info)
        self.results("link", [item])

        kept = self.env["g2p.spar.message"].search([], limit=1, order="id desc")

        text = str(kept.read())
        for private in ("private", FA, NATIONAL_ID % "private"):
            self.assertNotIn(private, text)
        self.assertEqual((kept.total, kept.succeeded), (1, 1))
