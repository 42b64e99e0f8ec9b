from . import bare, page
