from . import windows
