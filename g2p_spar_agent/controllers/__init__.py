from . import address, capture, desk
