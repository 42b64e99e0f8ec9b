"""What is said to an agent about a photo, in words to act on."""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

#: By the codes of ``core.photo.UnfitPhoto``.
PHOTOS = {
    "empty": _lt("Take the photo first, then send it."),
    "too_big": _lt(
        "The photo is larger than 10 MB. Take it with a smaller size and try again."
    ),
    "not_a_photo": _lt(
        "This is not a photo that we can read. Take it with the camera of this device."
    ),
    "too_many_points": _lt(
        "The photo has too many points. Take it with a smaller size and try again."
    ),
    "too_small": _lt("The photo is too small: nobody can be told on it. Take another."),
}


def say_photo(env, code):
    """Say why a photo cannot be taken.

    :param str code: of ``UnfitPhoto``
    :rtype: str
    """
    return env._(PHOTOS[code])
