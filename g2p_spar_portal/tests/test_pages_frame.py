import base64
import time

from odoo.http import root
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..core.person import SESSION_KEY
from .common import CLAIMS
from .pages_common import HOME, PagesCase

_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA"
    "AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestFrame(PagesCase):
    """What every page has around it."""

    @mute_logger("odoo.http")
    def test_every_answer_has_the_headers_whatever_became_of_it(self):
        self.link("amina")
        self.person("amina")
        answers = {
            200: self.url_open(HOME),
            303: self.post(f"{HOME}/remove/start", allow_redirects=False),
            400: self.url_open(f"{HOME}/dispute", data={"version": "1"}),
            404: self.url_open(f"{HOME}/nothing-here"),
        }
        for status, answer in answers.items():
            with self.subTest(status):
                self.assertEqual(answer.status_code, status)
                told = answer.headers
                self.assertEqual(told["Cache-Control"], "no-store")
                self.assertEqual(told["X-Frame-Options"], "DENY")
                self.assertEqual(told["Referrer-Policy"], "no-referrer")
                self.assertEqual(told["X-Content-Type-Options"], "nosniff")
                policy = told["Content-Security-Policy"]
                self.assertIn("frame-ancestors 'none'", policy)
                self.assertIn("form-action 'self' https://id.example.org", policy)

    @mute_logger("odoo.http")
    def test_what_is_no_text_is_refused_and_breaks_nothing(self):
        self.link("amina")
        self.person("amina")
        for path, field in (
            ("change", "fa_type"),
            ("dispute", "version"),
            ("profile/language", "lang"),
            ("profile/phone/set", "value"),
        ):
            with self.subTest(path):
                nul = self.post(f"{HOME}/{path}", **{field: "1\0"})
                file = self.url_open(
                    f"{HOME}/{path}", data=self.token(), files={field: ("1", b"1")}
                )
                self.assertEqual((nul.status_code, file.status_code), (400, 400))
                self.assertIn("You cannot do this here", nul.words)
        self.assertEqual(self.get(f"{HOME}/change/%00/review").status_code, 400)
        self.assertEqual(self.mapping("amina").state, "active")

    def test_other_pages_keep_their_headers(self):
        told = self.url_open("/web/health").headers
        self.assertNotIn("Content-Security-Policy", told)

    def test_no_page_holds_script_or_style_of_its_own(self):
        self.link("amina")
        self.person("amina")
        for path in (HOME, f"{HOME}/history", f"{HOME}/remove", f"{HOME}/none"):
            doc = self.get(path).doc
            self.assertEqual(doc.xpath("//script[not(@src)] | //style | //@style"), [])
            inline = [name for name in doc.xpath("//@*") if name.attrname[:2] == "on"]
            self.assertEqual(inline, [])

    def test_names_do_no_harm(self):
        names = {
            "<script>alert(1)</script>": "<script>alert(1)</script>",
            "\"'><img src=x onerror=alert(1)>": "\"'><img src=x onerror=alert(1)>",
            "A\u202etxt.exe": "A txt.exe",
            "😀 Amina": "😀 Amina",
            "N" * 10_000: "N" * 200,
            "${7*7} {{7*7}} %s %(x)s": "${7*7} {{7*7}} %s %(x)s",
        }
        for name, told in names.items():
            with self.subTest(name[:30]):
                self.person("amina", claims=CLAIMS | {"name": name})
                page = self.get()
                self.assertEqual(page.status_code, 200)
                self.assertEqual(page.doc.xpath("//main//bdi/text()")[0], told)
                self.assertEqual(page.doc.xpath("//main//img | //main//script"), [])

    def test_names_of_banks_do_no_harm_either(self):
        self.provider.name = "<b onclick=x>Bank</b>\u202e"
        self.branch.name = "<script>alert(1)</script>"
        self.link("amina")
        self.person("amina")
        page = self.get()
        self.assertEqual(page.doc.xpath("//main//b | //main//script"), [])
        self.assertIn("<b onclick=x>Bank</b>", page.words)

    def test_a_message_is_said_once(self):
        self.link("amina")
        self.person("amina")
        page = self.post(f"{HOME}/dispute", version="7")
        self.assertIn("Nothing was changed", page.words)
        self.assertEqual(page.url.partition(HOME)[2], "")
        self.assertNotIn("Nothing was changed", self.get().words)

    def test_an_address_cannot_make_a_page_say_something(self):
        self.person("amina")
        page = self.get(f"{HOME}?flash=Send+your+PIN&title=x&text=Send+your+PIN")
        self.assertNotIn("Send your PIN", page.text)

    def test_help_is_at_the_foot_of_every_page(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("g2p_spar_portal.help_phone", "+63 2 8123 4567")
        parameters.set_param("g2p_spar_portal.programme_name", "Benefits <1>")
        self.person("amina")
        page = self.get()
        self.assertIn("tel:+63281234567", page.doc.xpath("//footer//a/@href"))
        self.assertEqual(
            page.doc.xpath("//header//a[@class='brand']/bdi/text()"), ["Benefits <1>"]
        )

    @mute_logger("odoo.http")
    def test_a_failure_on_our_side_says_where_to_look(self):
        self.person("amina")
        own = self.registry["g2p.spar.own.account"]

        def fail(*_args):
            raise ValueError("secret detail")

        self.patch(own, "overview", fail)
        page = self.get()
        self.assertEqual(page.status_code, 500)
        self.assertIn("Something went wrong on our side", page.words)
        self.assertNotIn("secret detail", page.text)
        self.assertNotIn("Traceback", page.text)

    def test_styles_may_be_kept_for_long_and_change_their_address(self):
        page = self.get(f"{HOME}/none")
        [href] = page.doc.xpath("//link[@rel='stylesheet']/@href")
        self.assertRegex(href, r"\?v=[0-9a-f]{12}$")
        sheet = self.url_open(href)
        self.assertIn("max-age=604800", sheet.headers["Cache-Control"])
        self.assertLess(len(sheet.content), 15_000)


@tagged("post_install", "-at_install")
class TestLanguages(PagesCase):
    """The person's language, and the way to another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("fr_FR", "ar_001"):
            cls.env["res.lang"]._activate_lang(code)

    def test_active_languages_under_their_own_names(self):
        self.person("amina")
        page = self.get(f"{HOME}/history")
        links = page.doc.xpath("//ul[@class='languages']//a")
        told = {one.get("lang"): (one.text, one.get("href")) for one in links}
        self.assertEqual(told["fr-FR"], ("Français", f"/fr{HOME}/history"))
        self.assertEqual(told["ar-001"][0], "العربية")
        installed = self.env["res.lang"].get_installed()
        self.assertEqual(len(told), len(installed) - 1)

    def test_arabic_is_read_from_the_right(self):
        self.person("amina")
        page = self.get(f"/ar{HOME}")
        root = page.doc.getroottree().getroot()
        self.assertEqual((root.get("lang"), root.get("dir")), ("ar-001", "rtl"))
        self.assertIn(f"/ar{HOME}/history", page.doc.xpath("//header//a/@href"))

    def test_numbers_of_accounts_keep_their_digits_and_order(self):
        self.link("amina")
        self.person("amina")
        page = self.get(f"/ar{HOME}")
        self.assertIn("****0097", page.doc.xpath("//bdi[@dir='ltr']/text()"))

    def test_the_language_stays_after_a_form(self):
        self.link("amina")
        self.person("amina")
        page = self.get(f"/ar{HOME}")
        [form] = page.doc.xpath("//main//form")
        fields = {one.get("name"): one.get("value") for one in form.xpath("./input")}
        after = self._read(self.url_open(form.get("action"), data=fields))
        self.assertIn(f"/ar{HOME}/dispute/", after.url)

    def test_a_page_that_is_not_there_is_not_there_in_arabic(self):
        page = self.get(f"/ar{HOME}/nothing")
        self.assertEqual(page.status_code, 404)
        self.assertEqual(page.doc.getroottree().getroot().get("dir"), "rtl")


@tagged("post_install", "-at_install")
class TestStayAndLogo(PagesCase):
    def test_staying_notes_that_the_person_is_there(self):
        self.person("amina")
        nine_minutes_ago = int(time.time()) - 9 * 60
        self.write_session(seen=nine_minutes_ago)
        response = self.url_open("/spar/stay", data=self.token())
        self.assertEqual(response.status_code, 204)
        facts = root.session_store.get(self.session.sid)[SESSION_KEY]
        self.assertGreater(facts["seen"], nine_minutes_ago + 8 * 60)

    def test_it_is_too_late_to_stay(self):
        self.person("amina")
        self.write_session(seen=int(time.time()) - 11 * 60)
        response = self.url_open("/spar/stay", data=self.token())
        self.assertNotEqual(response.status_code, 204)

    @mute_logger("odoo.http")
    def test_a_page_of_another_site_keeps_nobody_here(self):
        self.person("amina")
        self.assertEqual(
            self.url_open("/spar/stay", data={"stay": "1"}).status_code, 400
        )

    def test_nobody_can_stay(self):
        self.authenticate(None, None)
        response = self.url_open("/spar/stay", data=self.token())
        self.assertEqual(response.status_code, 403)

    def test_logos_are_for_everybody_and_may_be_kept(self):
        self.provider.image_128 = _PIXEL
        response = self.url_open(f"/spar/logo/{self.provider.id}")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "image/png")
        self.assertIn("max-age=604800", response.headers["Cache-Control"])
        self.assertEqual(response.content[:4], base64.b64decode(_PIXEL)[:4])

    def test_without_a_logo_there_is_nothing(self):
        for number in (self.provider.id, 0, 2**31, 2**63):
            with self.subTest(number):
                response = self.url_open(f"/spar/logo/{number}")
                self.assertEqual(response.status_code, 404)

    def test_the_overview_shows_the_logo(self):
        self.provider.image_128 = _PIXEL
        self.link("amina")
        self.person("amina")
        [source] = self.get().doc.xpath("//main//img/@src")
        self.assertIn(f"/spar/logo/{self.provider.id}?v=", source)
        self.assertEqual(self.url_open(source).status_code, 200)
