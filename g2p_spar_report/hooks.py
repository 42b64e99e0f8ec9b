from odoo.tools import convert_file

#: The files of g2p_spar_mapper whose actions this addon changes.
_VIEWS = (
    "views/g2p_spar_mapping_views.xml",
    "views/g2p_spar_mapping_version_views.xml",
)


def uninstall_hook(env):
    """Let the charts count mappings and changes again, as before the installation."""
    for path in _VIEWS:
        convert_file(env, "g2p_spar_mapper", path, {}, mode="update")
