"""Photos of evidence: checked, made small, and freed of all but the picture.

What a camera writes beside the picture (place, device, a preview of something else)
is left behind by drawing the picture anew. What is no picture is refused, whatever
its name says, and so is a picture of which the end was lost on the way. A small file
that would unfold to a huge picture is refused before it is unfolded.
"""

import io
import warnings

from PIL import Image, ImageOps

#: Largest file that is taken, in bytes.
MAX_BYTES = 10 * 1024 * 1024
#: Most points a picture may have; cameras of tablets have 5 to 50 million.
MAX_POINTS = 50_000_000
#: Longest edge of what is kept, in points: a face and a card can be told.
EDGE = 1280
#: Shortest edge with which anything can be told.
LEAST_EDGE = 200
_FORMATS = ("JPEG", "PNG")
_QUALITY = 80
# Have the readers of these two registered, wherever this is imported.
Image.preinit()


class UnfitPhoto(ValueError):
    """A photo cannot be taken.

    :param code: empty, too_big, not_a_photo, too_many_points or too_small
    """

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class _WholeFile(io.BytesIO):
    """A file whose end may not be read beyond.

    A reader that wants more than there is has a picture before it whose end was cut
    off. Odoo has Pillow fill the rest with grey, for all of the process; here a face
    may be missing.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        """Read on.

        :raise EOFError: there is nothing left
        """
        content = super().read(size)
        if not content and size != 0:
            raise EOFError
        return content


def clean_photo(raw: bytes) -> bytes:
    """Return the picture of a file as a small JPEG, and nothing else of the file.

    :param raw: what was sent
    :raise UnfitPhoto: it cannot be taken
    """
    if not raw:
        raise UnfitPhoto("empty")
    if len(raw) > MAX_BYTES:
        raise UnfitPhoto("too_big")
    try:
        with warnings.catch_warnings():
            # We judge the size ourselves, before anything is unfolded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _draw(raw)
    except Image.DecompressionBombError as error:
        raise UnfitPhoto("too_many_points") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        if isinstance(error, UnfitPhoto):
            raise
        raise UnfitPhoto("not_a_photo") from error


def _draw(raw: bytes) -> bytes:
    with Image.open(_WholeFile(raw), formats=_FORMATS) as image:
        width, height = image.size
        if width * height > MAX_POINTS:
            raise UnfitPhoto("too_many_points")
        if min(width, height) < LEAST_EDGE:
            raise UnfitPhoto("too_small")
        # A JPEG is unfolded at a fraction of its size only.
        image.draft("RGB", (EDGE, EDGE))
        drawn = ImageOps.exif_transpose(image).convert("RGB")
    drawn.thumbnail((EDGE, EDGE))
    bare = Image.new("RGB", drawn.size)
    bare.paste(drawn)
    kept = io.BytesIO()
    bare.save(kept, "JPEG", quality=_QUALITY)
    return kept.getvalue()
