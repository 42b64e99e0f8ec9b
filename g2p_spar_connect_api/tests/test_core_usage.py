import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..core.usage import Call, CallFiles, Key, Sum, finished_files, read_calls, sum_up

#: 2026-03-01, noon in UTC.
NOON = 1772366400.0
_WORDS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)
_CALLS = st.builds(
    Call,
    at=st.floats(NOON, NOON + 90_000).map(lambda at: round(at, 3)),
    sender=_WORDS,
    operation=st.sampled_from(("link", "resolve")),
    code=st.sampled_from(("", "err.request.bad")),
    items=st.integers(0, 9),
    succeeded=st.integers(0, 9),
    ms=st.integers(0, 5).map(float),
)


def _call(**values):
    return Call(NOON, "pbms", "link", "", 3, 2, 1.5)._replace(**values)


class TestSums(BaseCase):
    def test_by_day_sender_operation_and_code(self):
        sums = sum_up(
            [
                _call(),
                _call(at=NOON + 5, items=1, succeeded=1),
                _call(code="err.request.bad", items=0, succeeded=0),
                _call(at=NOON + 43_200),
                _call(sender=""),
            ]
        )
        day = date(2026, 3, 1)
        self.assertEqual(
            sums[Key(day, "pbms", "link", "")], Sum(2, 4, 3, 3.0, NOON + 5)
        )
        self.assertEqual(sums[Key(day, "pbms", "link", "err.request.bad")].calls, 1)
        self.assertEqual(sums[Key(date(2026, 3, 2), "pbms", "link", "")].calls, 1)
        self.assertEqual(sums[Key(day, "", "link", "")].calls, 1)
        self.assertEqual(len(sums), 4)

    @given(st.lists(_CALLS))
    def test_nothing_is_lost_in_summing_up(self, calls):
        sums = sum_up(calls).values()
        self.assertEqual(sum(one.calls for one in sums), len(calls))
        self.assertEqual(
            sum(one.items for one in sums), sum(call.items for call in calls)
        )


class TestFiles(BaseCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "new"
        self.files = CallFiles(self.folder)
        self.addCleanup(self.files.close)

    def _read(self, now):
        lines = []
        for path in finished_files(self.folder, now):
            lines += path.read_bytes().splitlines(keepends=True)
        return list(read_calls(lines))

    def test_a_minute_is_read_when_it_is_over(self):
        first, second = _call(), _call(at=NOON + 60)
        for call in (first, second):
            self.files.note(call)
        self.assertEqual(self._read(NOON + 119), [])
        self.assertEqual(self._read(NOON + 120), [first])
        self.assertEqual(self._read(NOON + 180), [first, second])

    def test_what_another_process_wrote_is_read_too(self):
        self.files.note(_call())
        other = next(self.folder.iterdir())
        other.rename(self.folder / f"otherhost-1-{int(NOON // 60)}.calls")
        self.files.close()
        self.files.note(_call(items=9))
        self.assertEqual({call.items for call in self._read(NOON + 999)}, {3, 9})

    def test_foreign_files_are_left_alone(self):
        (self.folder / "readme.calls").write_text("?")
        (self.folder / "x-1-12.txt").write_text("?")
        self.assertEqual(finished_files(self.folder, NOON), [])

    def test_a_line_that_was_cut_off_is_left_out(self):
        self.files.note(_call())
        path = next(self.folder.iterdir())
        with path.open("ab") as file:
            file.write(b'[1772366400.0,"pb')
        self.assertEqual(self._read(NOON + 999), [_call()])

    @given(st.lists(_CALLS, max_size=20))
    def test_what_is_noted_is_read(self, calls):
        with tempfile.TemporaryDirectory() as folder:
            files = CallFiles(Path(folder))
            for call in calls:
                files.note(call)
            files.close()
            read = []
            for path in finished_files(Path(folder), NOON + 200_000):
                read += read_calls(path.read_bytes().splitlines(keepends=True))
        self.assertEqual(sorted(read), sorted(calls))

    @given(st.lists(st.binary(max_size=40)))
    def test_no_content_of_a_file_stops_the_reading(self, lines):
        for call in read_calls(lines):
            self.assertIsInstance(call, Call)
