from odoo.tests import BaseCase

from ..core.paths import headers, is_ours, origin_of


class TestPaths(BaseCase):
    def test_which_pages_are_ours(self):
        ours = ["/my/benefit-account", "/my/benefit-account/x", "/spar/login/failed/a"]
        others = ["/my", "/my/benefit-accounts", "/spar/v1/health", "/spar/loginx", "/"]
        self.assertEqual([is_ours(path) for path in ours], [True] * 3)
        self.assertEqual([is_ours(path) for path in others], [False] * 5)


class TestOrigin(BaseCase):
    def test_only_a_plain_origin_gets_into_a_header(self):
        table = {
            "https://id.example.org/authorize?x=1": "https://id.example.org",
            "http://127.0.0.1:8088/authorize": "http://127.0.0.1:8088",
            "https://[::1]:8443/a": "https://[::1]:8443",
            "https://user:secret@id.example.org/": "https://id.example.org",
            "https://id.example.org; script-src *": None,
            "https://id.example.org:99999/": None,
            "https://bücher.example/": None,
            "javascript:alert(1)": None,
            "//id.example.org": None,
            "https://": None,
            "": None,
            None: None,
        }
        for url, origin in table.items():
            with self.subTest(url):
                self.assertEqual(origin_of(url), origin)


class TestHeaders(BaseCase):
    def test_nothing_runs_and_nothing_frames(self):
        policy = headers()["Content-Security-Policy"].split("; ")
        self.assertIn("default-src 'none'", policy)
        self.assertIn("script-src 'self'", policy)
        self.assertIn("frame-ancestors 'none'", policy)
        self.assertIn("form-action 'self'", policy)
        self.assertNotIn("unsafe", headers()["Content-Security-Policy"])

    def test_forms_may_lead_to_the_providers_in_use(self):
        urls = ["https://b.example/x", None, "https://a.example", "https://a.example/y"]
        policy = headers(urls)["Content-Security-Policy"]
        self.assertIn("form-action 'self' https://a.example https://b.example", policy)
