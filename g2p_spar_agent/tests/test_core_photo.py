import io
import struct
import zlib

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile

from odoo.tests import BaseCase

from ..core.photo import EDGE, MAX_BYTES, UnfitPhoto, clean_photo
from .common import picture

_GPS = 0x8825
_MAKE = 0x010F
_ORIENTATION = 0x0112


def _bomb(width, height):
    """A PNG of a few bytes that says it has this many points."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body))
        + kind
        + body
        + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


class TestPhoto(BaseCase):
    def assert_unfit(self, raw, code):
        with self.assertRaises(UnfitPhoto) as caught:
            clean_photo(raw)
        self.assertEqual(caught.exception.code, code)

    def test_what_is_no_photo_is_refused(self):
        svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
        gif = picture(kind="GIF")
        for raw in (svg, gif, b"GIF89a", b"%PDF-1.7", b"\0" * 500, b"MZ" + b"x" * 900):
            with self.subTest(raw=raw[:8]):
                self.assert_unfit(raw, "not_a_photo")
        self.assert_unfit(b"", "empty")

    def test_picture_that_lost_its_end_is_refused(self):
        # Odoo tells Pillow to make do with them.
        self.assertTrue(ImageFile.LOAD_TRUNCATED_IMAGES)
        wholes = {
            "usual": picture(),
            "large": picture(size=(3000, 2000)),
            "progressive": picture(progressive=True),
            "png": picture(kind="PNG"),
        }
        for name, whole in wholes.items():
            clean_photo(whole + b"what a telephone puts behind it")
            for left in (len(whole) // 2, len(whole) * 9 // 10, len(whole) - 30):
                with self.subTest(name=name, left=left):
                    self.assert_unfit(whole[:left], "not_a_photo")

    def test_too_much_is_refused_before_it_is_unfolded(self):
        self.assert_unfit(_bomb(50_000, 50_000), "too_many_points")
        self.assert_unfit(_bomb(10_000, 5_001), "too_many_points")
        self.assert_unfit(picture() + b"\0" * (20 * 1024 * 1024), "too_big")
        self.assert_unfit(b"\xff" * (MAX_BYTES + 1), "too_big")

    def test_a_stamp_shows_nobody(self):
        self.assert_unfit(picture(size=(800, 199)), "too_small")

    def test_all_but_the_picture_is_left_behind(self):
        exif = Image.Exif()
        exif[_MAKE] = "Camera of the village"
        exif.get_ifd(_GPS)[1] = "S"
        raw = picture(exif=exif, comment=b"secret comment")
        self.assertIn(b"Camera of the village", raw)

        kept = clean_photo(raw)

        for trace in (b"Camera", b"Exif", b"secret comment"):
            self.assertNotIn(trace, kept)
        with Image.open(io.BytesIO(kept)) as image:
            self.assertFalse(image.getexif())

    def test_it_stands_as_it_was_taken(self):
        exif = Image.Exif()
        exif[_ORIENTATION] = 6
        with Image.open(io.BytesIO(clean_photo(picture(exif=exif)))) as image:
            self.assertEqual(image.size, (600, 800))

    def test_large_ones_become_small(self):
        for kind in ("JPEG", "PNG"):
            kept = clean_photo(picture(size=(3000, 2000), kind=kind))
            with self.subTest(kind=kind), Image.open(io.BytesIO(kept)) as image:
                self.assertEqual(image.format, "JPEG")
                self.assertLessEqual(max(image.size), EDGE)

    @given(st.binary(max_size=300))
    def test_no_bytes_break_it(self, raw):
        for content in (raw, picture()[:400] + raw, b"\x89PNG\r\n\x1a\n" + raw):
            with self.assertRaises(UnfitPhoto):
                clean_photo(content)
