from . import ask, consents
