"""Whatever a person reads is there in five languages, and nothing escapes that."""

import ast
import re
from io import BytesIO
from pathlib import Path

import polib
from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

ADDON = Path(__file__).parents[1]
LANGUAGES = ("fr", "tl", "ar", "hi")
PLACEHOLDERS = (re.compile(r"%(?:\(\w+\))?s"), re.compile(r"<[^>]+>"))
#: Staff have English and French. Whatever is not named here is for beneficiaries.
FOR_STAFF_MODELS = ("model:ir.", "model_terms:ir.actions")
FOR_STAFF_FILES = (
    "core/oidc/",
    "models/auth_oauth_provider",
    "models/g2p_spar_identity.py",
    "models/g2p_spar_notice.py",
    "models/g2p_spar_oidc_key.py",
    "models/g2p_spar_personal_data.py",
    # What managers are told of a dispute.
    "models/g2p_spar_own_account_step.py",
    "models/res_config_settings.py",
    "models/res_users",
    "outgoing/",
    "tests/",
    "wizards/",
)
#: Examples, counted down or written alike in each language.
AS_THEY_ARE = {"name@example.org", "60"}
#: Kept in the history for staff, or no sentence at all.
NOT_SAID = {
    "Changed by the person on the portal",
    "Removed by the beneficiary",
    "Given up by the beneficiary",
    "Confirmed by the beneficiary",
    "Code confirmed on the portal",
    "USING brin (created_at)",
}
_SPOKEN_ATTRIBUTES = ("aria-label", "alt", "title", "placeholder", "label")
#: A sentence, or the beginning of one, for a reader.
_SENTENCE = re.compile(r"[A-Z][\w'’-]*(?: [\w'’-]+,?)+[^=<>{}]*")
_SENTENCE_IN_SCRIPT = re.compile(r"[\"'`][A-Z][a-z]+(?: [a-z]+)+[^\"'`]*[\"'`]")
_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)


def words(text):
    return " ".join(text.split())


def catalogue(language):
    path = ADDON / "i18n" / f"{language}.po"
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = ADDON / "i18n" / "g2p_spar_portal.pot"
        cls.template = list(polib.pofile(str(path)))
        cls.known = {words(entry.msgid) for entry in cls.template}

    def test_the_template_has_every_string_of_the_addon(self):
        exported = BytesIO()
        trans_export(False, ["g2p_spar_portal"], exported, "po", self.env)
        found = {one.msgid for one in polib.pofile(exported.getvalue().decode())}
        self.assertGreater(len(found), 500)
        self.assertEqual(found - {entry.msgid for entry in self.template}, set())

    def test_staff_read_all_of_it_in_french(self):
        french = catalogue("fr")
        missing = [one.msgid for one in self.template if not french.get(one.msgid)]
        self.assertEqual(missing, [])

    def test_beneficiaries_read_theirs_in_every_language(self):
        seen = [one.msgid for one in self.template if self.is_for_beneficiaries(one)]
        self.assertGreater(len(seen), 300)
        for language in LANGUAGES:
            known = catalogue(language)
            for english in seen:
                with self.subTest(language, english=english):
                    self.assertTrue(known.get(english))

    def is_for_beneficiaries(self, entry):
        return any(self.is_place_for_beneficiaries(one) for one, _ in entry.occurrences)

    def is_place_for_beneficiaries(self, place):
        if place.startswith("model_terms:ir.ui.view"):
            view = self.env.ref(place.split(":")[-1])
            return view.type == "qweb"
        if place.startswith("code:"):
            path = place.split("g2p_spar_portal/", 1)[1]
            return not path.startswith(FOR_STAFF_FILES)
        return not place.startswith(FOR_STAFF_MODELS)

    def test_values_and_markup_are_kept(self):
        for language in LANGUAGES:
            for english, told in catalogue(language).items():
                for pattern in PLACEHOLDERS if told else ():
                    with self.subTest(language, english=english):
                        self.assertEqual(
                            sorted(pattern.findall(told)),
                            sorted(pattern.findall(english)),
                        )

    # === WHAT WOULD ESCAPE === #

    def test_every_text_of_a_template_is_offered_to_translators(self):
        texts = set().union(*map(self.texts_of, sorted(ADDON.glob("views/*.xml"))))
        self.assertGreater(len(texts), 150)
        every = "\n".join(self.known)
        escaped = {one for one in texts - AS_THEY_ARE if one not in every}
        self.assertEqual(escaped, set())

    def texts_of(self, path):
        """Return what pages made of a file's templates say."""
        found = set()
        for node in etree.parse(path).iterfind(".//template//*"):
            if not isinstance(node.tag, str):
                continue
            if node.tag not in ("script", "style", "attribute"):
                found |= {words(node.text or ""), words(node.tail or "")}
            found |= {words(node.get(name) or "") for name in _SPOKEN_ATTRIBUTES}
        return {one for one in found if re.search(r"\w", one)}

    def test_every_sentence_in_python_is_marked(self):
        files = [
            *ADDON.glob("controllers/*.py"),
            *ADDON.glob("models/*_words.py"),
            *ADDON.glob("models/g2p_spar_*.py"),
            *ADDON.glob("core/*.py"),
        ]
        sentences = set().union(*map(self.sentences_of, files))
        self.assertGreater(len(sentences), 150)
        self.assertEqual(sentences - self.known - NOT_SAID, set())

    def sentences_of(self, path):
        """Return the texts of a file that look as if somebody should read them."""
        tree = ast.parse(path.read_text())
        silent = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr | ast.Raise | ast.JoinedStr)
            for part in ast.walk(node)
        }
        return {
            words(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in silent
            and _SENTENCE.fullmatch(words(node.value))
        }

    def test_scripts_say_nothing_of_their_own(self):
        for path in ADDON.glob("static/src/js/*.js"):
            code = _COMMENT.sub("", path.read_text())
            with self.subTest(path.name):
                self.assertEqual(_SENTENCE_IN_SCRIPT.findall(code), [])
