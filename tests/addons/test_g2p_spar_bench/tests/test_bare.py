import json

from odoo.tests import HttpCase, tagged

from ..reference import make_reference
from .common import bench_module

messages = bench_module("messages")
rows = bench_module("rows")
seed = bench_module("seed")


@tagged("post_install", "-at_install")
class TestBare(HttpCase):
    def setUp(self):
        super().setUp()
        make_reference(self.env, rows.STRATEGY, rows.provider_codes())
        self.env.flush_all()
        seed.write_rows(self.env.cr, seed.read_reference(self.env.cr), 3, count=1)

    def _ask(self, raw):
        return self.url_open(
            "/test_g2p_spar_bench/bare",
            data=raw,
            headers={"Content-Type": "application/json"},
        )

    def test_it_answers_what_the_generator_expects(self):
        body = messages.make_bare(3)

        answer = self._ask(b"".join(body.pieces))

        verdict = messages.check(body, answer.status_code, answer.content)
        self.assertEqual(verdict, messages.Verdict(1, 0, ""))

    def test_it_keeps_no_session(self):
        self.opener.cookies.clear()

        answer = self._ask(json.dumps({"id": rows.id_key_of(4)}).encode())

        self.assertEqual(answer.json(), None)
        self.assertNotIn("Set-Cookie", answer.headers)


@tagged("post_install", "-at_install")
class TestBarePages(HttpCase):
    def test_the_route_of_searches_finds_nothing(self):
        answer = self.url_open("/test_g2p_spar_bench/route")

        self.assertEqual(answer.json(), {"rows": [], "told": ""})

    def test_the_frame_has_one_heading(self):
        answer = self.url_open("/test_g2p_spar_bench/page")

        self.assertIn('<h1 id="bare">', answer.text)
