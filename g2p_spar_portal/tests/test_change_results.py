import hashlib
import json
from unittest.mock import patch

from odoo.tests import BaseCase, TransactionCase, tagged

from odoo.addons.g2p_spar_mapper.core.commands import Outcome
from odoo.addons.g2p_spar_mapper.core.reason import ANSWERS, SUCCESSES, Cause, Operation
from odoo.addons.g2p_spar_mapper.models.g2p_spar_mapper import G2PSparMapper

from ..core.reference_number import reference_number
from ..core.typed import Problem
from ..models.change_words import (
    CONSENT,
    CONSENT_VERSION,
    PROBLEMS,
    REFUSALS,
    say_problem,
    say_refusal,
)
from .change_common import NUMBER, START, ChangeCase

#: The words of each version of the consent; a new text is a new version.
_CONSENTS = {"1": "6f55beacdb1625f8"}


class TestWords(BaseCase):
    def test_other_words_of_the_consent_are_another_version(self):
        words = "\n".join(sentence._source for sentence in CONSENT)
        digest = hashlib.sha256(words.encode()).hexdigest()[:16]
        self.assertEqual(_CONSENTS[CONSENT_VERSION], digest)

    def test_every_refusal_of_the_registry_has_words(self):
        possible = {
            cause
            for operation, cause in ANSWERS
            if operation in (Operation.LINK, Operation.UPDATE)
        }
        self.assertEqual(set(REFUSALS), possible - SUCCESSES)


@tagged("post_install", "-at_install")
class TestSentences(TransactionCase):
    def test_each_sentence_can_be_said(self):
        for cause in REFUSALS:
            self.assertTrue(say_refusal(self.env, cause))
        values = dict.fromkeys(("count", "least", "most", "sign"), "7")
        for code in PROBLEMS:
            with self.subTest(code=code):
                said = say_problem(self.env, Problem(code, values))
                self.assertNotIn("%", said)


@tagged("post_install", "-at_install")
class TestChangeResults(ChangeCase):
    def test_each_refusal_of_the_registry_is_told_and_changes_nothing(self):
        for number, cause in enumerate((Cause.PROTECTED, Cause.REMOTE_UNCERTAIN)):
            with self.subTest(cause=cause.name):
                self.person(f"amina{number}")
                review = self.to_review()
                with patch.object(
                    G2PSparMapper, "link", lambda *_a, c=cause: [Outcome(c)]
                ):
                    answer = self.send(review)
                self.assertIn("The change was not made", answer.words)
                self.assertIn(say_refusal(self.env, cause), answer.words)
                self.assertEqual(self.send(review).url, answer.url)

    def test_while_somebody_else_is_at_it_the_change_stays_to_be_tried(self):
        self.person("amina")
        review = self.to_review()
        busy = [Outcome(Cause.BUSY)]
        with patch.object(G2PSparMapper, "link", lambda *_args: busy):
            answer = self.send(review)
        self.assertIn("Wait a minute", answer.words)
        self.assertIn("Your account is changed", self.send(answer).words)

    def test_a_name_that_cannot_be_stored_keeps_nobody_from_changing(self):
        self.person("amina", {"name": ["no", "text"]})
        self.assertIn("Your account is changed", self.send(self.to_review()).words)
        self.assertFalse(self.mapping("amina").name)

    def test_the_result_is_there_again_for_its_person_only(self):
        self.person("amina")
        done = self.send(self.to_review())
        reference = done.url.rpartition("/")[2]
        self.assertIn(reference, done.words)
        self.assertNotIn(NUMBER, done.text)
        low = reference.lower().replace("-", "")
        self.assertIn(reference, self.page(f"{START}/receipt/{low}").words)
        self.link("thief")
        self.person("thief")
        foreign = self.page(f"{START}/receipt/{reference}", 404)
        unknown = self.page(f"{START}/receipt/{reference_number()}", 404)
        garbage = self.page(f"{START}/receipt/nonsense", 404)
        self.assertEqual(foreign.words, unknown.words)
        self.assertEqual(foreign.words, garbage.words)
        self.assertEqual(self.url_open(f"{done.url}/text").status_code, 404)

    def test_the_result_can_be_kept_as_a_text(self):
        self.person("amina")
        done = self.send(self.to_review())
        answer = self.url_open(f"{done.url}/text")
        reference = done.url.rpartition("/")[2]
        self.assertEqual(answer.headers["Content-Type"], "text/plain; charset=utf-8")
        self.assertIn(f"{reference}.txt", answer.headers["Content-Disposition"])
        for word in (reference, "Test Bank", "Indigo", "****210"):
            self.assertIn(word, answer.text)
        self.assertNotIn(NUMBER, answer.text)

    def test_a_change_leaves_a_line_without_personal_data(self):
        person = self.person("amina")
        review = self.to_review()
        with self.assertLogs("odoo.addons.g2p_spar_portal.audit") as logs:
            self.send(review)
        [line] = [json.loads(record.getMessage()) for record in logs.records]
        self.assertEqual((line["event"], line["cause"]), ("change", "DONE"))
        self.assertEqual(line["identity"], person.identity_id)
        for secret in (NUMBER, "Amina", "token:"):
            self.assertNotIn(secret, json.dumps(line))

    def test_a_change_wakes_the_notices(self):
        self.person("amina")
        cron = self.env.ref("g2p_spar_portal.ir_cron_notices")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self.send(self.to_review())
        self.assertGreater(triggers.search_count([("cron_id", "=", cron.id)]), before)


@tagged("post_install", "-at_install")
class TestChangeSearch(ChangeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["g2p.spar.branch"].create(
            [
                {
                    "name": f"Market {number:02d}",
                    "code": f"mk{number:02d}",
                    "place": "Kisumu",
                    "provider_id": cls.provider.id,
                }
                for number in range(25)
            ]
        )

    def ask(self, path, **query):
        return self.url_open(f"{START}/{path}", params=query, allow_redirects=False)

    def to_branch(self):
        return self.send(self.begin(), form="#choose", code="testbank")

    def test_a_branch_is_found_without_scripts(self):
        self.person("amina")
        page = self.to_branch()
        self.assertIn("There are many", page.words)
        found = self.page(f"{page.url}?q=market")
        self.assertEqual(len(found.document.cssselect("#choose label")), 20)
        self.assertIn("The first 20 are shown", found.words)
        found = self.page(f"{page.url}?q=kis 07")
        self.assertEqual(len(found.document.cssselect("#choose label")), 1)
        self.assertIn("Nothing found", self.page(f"{page.url}?q=zzz").words)
        odd = self.page(f"{page.url}?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E")
        self.assertNotIn("<script>alert", odd.text)

    def test_as_one_types_few_come_back_and_only_of_the_chosen_bank(self):
        self.person("amina")
        token = self.token(self.to_branch())
        answer = self.ask("branches", draft=token, q="market")
        found = answer.json()
        self.assertEqual(len(found["rows"]), 20)
        self.assertIn("The first 20 are shown", found["told"])
        [row] = self.ask("branches", draft=token, q="mk07").json()["rows"]
        self.assertEqual((row["name"], row["place"]), ("Market 07", "Kisumu"))
        [row] = self.ask("providers", draft=token, q="test b").json()["rows"]
        self.assertEqual(row["code"], "testbank")

    def test_nobody_searches_without_a_change_of_their_own(self):
        self.person("amina")
        token = self.token(self.begin())
        self.assertEqual(self.ask("branches", draft=token).status_code, 404)
        self.assertEqual(self.ask("branches").status_code, 404)
        self.logout()
        answer = self.ask("providers", draft=token)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/spar/login", answer.headers["Location"])

    def test_too_many_searches_are_told_to_wait(self):
        self.person("amina")
        token = self.token(self.to_branch())
        with patch("odoo.addons.g2p_spar_portal.controllers.change._SEARCHES", (4, 60)):
            # Two lists were shown before: they count as well.
            answers = [self.ask("branches", draft=token, q="m") for _ in range(3)]
        self.assertEqual([one.status_code for one in answers], [200, 200, 429])

    def test_a_search_takes_few_statements(self):
        person = self.person("amina")
        token = self.token(self.to_branch())
        form = self.env["g2p.spar.change.form"]
        way = form.open(person, token)
        form.search(way, "branch", "warm")
        self.env.invalidate_all()
        # Two to find, one to read what is shown of them.
        with self.assertQueryCount(3):
            form.search(way, "branch", "market")

    def test_a_number_is_judged_while_it_is_typed(self):
        self.person("amina")
        page = self.to_number()
        path = f"{START}/{self.token(page)}/check"
        csrf = page.document.cssselect("input[name='csrf_token']")[0].get("value")
        for text, words in (("12a", "Only digits"), ("123", "")):
            data = {"csrf_token": csrf, "name": "number", "text": text}
            answer = self.url_open(path, data=data)
            self.assertEqual(answer.json()["problem"][:11], words)
        self.assertIsNone(self.drafts()._choice().typed)
