from datetime import datetime

from odoo.tests import BaseCase

from ..core import words

MOMENT = datetime(2026, 11, 23, 22, 30)  # noqa: DTZ001 (naive UTC, as stored)


class TestWords(BaseCase):
    def test_days_are_written_as_each_language_does(self):
        table = {
            "en_US": "November 23, 2026",
            "fr_FR": "23 novembre 2026",
            "tl_PH": "Nobyembre 23, 2026",
            "hi_IN": "23 नवंबर 2026",
            "ar_001": "٢٣ نوفمبر ٢٠٢٦",
        }
        for code, text in table.items():
            with self.subTest(code):
                self.assertEqual(
                    words.write_day(MOMENT, code, words.zone_of(None)), text
                )

    def test_the_day_is_that_of_the_reader(self):
        manila = words.zone_of("Asia/Manila")
        self.assertEqual(words.write_day(MOMENT, "en_US", manila), "November 24, 2026")

    def test_times_are_written_as_each_language_does(self):
        table = {
            "en_US": "November 23, 2026, 10:30\u202fPM",
            "fr_FR": "23 novembre 2026, 22:30",
            "ar_001": "٢٣ نوفمبر ٢٠٢٦، ١٠:٣٠ م",
        }
        for code, text in table.items():
            with self.subTest(code):
                told = words.write_moment(MOMENT, code, words.zone_of("UTC"))
                self.assertEqual(told.replace("\xa0", " "), text.replace("\xa0", " "))

    def test_numbers_are_grouped_as_each_language_does(self):
        table = {"en_US": "1,234,567", "hi_IN": "12,34,567", "ar_001": "١,٢٣٤,٥٦٧"}
        for code, text in table.items():
            self.assertEqual(words.write_number(1234567, code), text)

    def test_a_number_keeps_its_order_among_letters_from_right_to_left(self):
        table = {
            "+254 20 123": "\u200e+254 20 123",
            "البنك ****6789": "البنك \u200e****6789",
            "بنك 1 ****6789": "بنك \u200e1 ****6789",
            "Pink ****6789": "Pink ****6789",
            "SPAR-7K3M9": "SPAR-7K3M9",
            "": "",
        }
        for text, kept in table.items():
            with self.subTest(text):
                self.assertEqual(words.keep_order(text), kept)

    def test_languages_have_their_own_names(self):
        names = words.own_names(["en_US", "fr_FR", "tl_PH", "ar_001", "hi_IN"])
        self.assertEqual(
            list(names.values()),
            ["English", "Français", "Filipino", "العربية", "हिन्दी"],
        )

    def test_two_of_one_language_are_told_apart(self):
        names = words.own_names(["fr_FR", "fr_BE", "en_US"])
        self.assertEqual(
            list(names.values()),
            ["Français (France)", "Français (Belgique)", "English"],
        )

    def test_what_nobody_knows_does_no_harm(self):
        self.assertEqual(str(words.zone_of("Mars/Olympus")), "UTC")
        self.assertEqual(str(words.zone_of("../etc/passwd")), "UTC")
        self.assertEqual(str(words.locale_of("zz_ZZ")), "en")
        self.assertEqual(words.lang_tag("sr@latin"), "sr-Latn")
