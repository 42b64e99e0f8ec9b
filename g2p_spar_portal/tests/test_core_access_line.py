import logging

from odoo.tests import BaseCase

from ..core.access_line import without_query
from ..models.access_log import HidesQueries, hide_queries


class TestAccessLine(BaseCase):
    def test_queries_of_the_portal_are_left_out(self):
        table = {
            "GET /spar/oidc/callback?code=c&state=s HTTP/1.1": (
                "GET /spar/oidc/callback?... HTTP/1.1"
            ),
            "GET /ar/my/benefit-account/change/x/provider?q=a b HTTP/1.0": (
                "GET /ar/my/benefit-account/change/x/provider?... HTTP/1.0"
            ),
            "GET http://spar.test/spar/oidc/callback?code=c": (
                "GET http://spar.test/spar/oidc/callback?..."
            ),
            "\x1b[32mGET //spar/oidc/callback?code=c HTTP/1.1\x1b[0m": (
                "\x1b[32mGET //spar/oidc/callback?... HTTP/1.1\x1b[0m"
            ),
            "GET /spar/oidc/callback?code=c HTTP/1.1?state=s HTTP/1.1": (
                "GET /spar/oidc/callback?... HTTP/1.1"
            ),
        }
        for line, kept in table.items():
            with self.subTest(line):
                self.assertEqual(without_query(line), kept)

    def test_other_lines_stay(self):
        for line in (
            "GET /web/login?redirect=/my HTTP/1.1",
            "GET /web?next=/spar/oidc/callback HTTP/1.1",
            "GET /spar/oidc/callback HTTP/1.1",
            "",
        ):
            with self.subTest(line):
                self.assertEqual(without_query(line), line)


class TestHidesQueries(BaseCase):
    def test_the_server_log_has_it_once(self):
        hide_queries()
        hide_queries()
        filters = logging.getLogger("werkzeug").filters
        self.assertEqual(
            sum(isinstance(one, HidesQueries) for one in filters), 1, filters
        )

    def test_only_the_request_of_a_record_is_changed(self):
        line = "GET /spar/oidc/callback?code=c HTTP/1.1"
        record = logging.LogRecord("werkzeug", 20, "", 1, "%s %s", (line, 303), None)
        self.assertTrue(HidesQueries().filter(record))
        self.assertEqual(
            record.getMessage(), "GET /spar/oidc/callback?... HTTP/1.1 303"
        )

    def test_a_record_without_a_request_passes(self):
        record = logging.LogRecord("werkzeug", 20, "", 1, "started", None, None)
        self.assertTrue(HidesQueries().filter(record))
        self.assertEqual(record.getMessage(), "started")
