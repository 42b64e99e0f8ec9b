"""The modules of ``stdnum`` which need its data files.

Odoo patches ``stdnum`` while it is imported and leaves it a loader without access
to data files, so that ``stdnum.iban`` finds no table of countries and cannot be
imported. The loader is put back here first; everywhere else this changes nothing.
"""

from importlib import import_module
from importlib.machinery import SourceFileLoader

import stdnum


def _restore_loader() -> None:
    spec = stdnum.__spec__
    if not hasattr(spec.loader, "get_resource_reader"):
        spec.loader = SourceFileLoader(spec.name, spec.origin)


_restore_loader()
iban = import_module("stdnum.iban")
