from odoo.tools import convert_file


def uninstall_hook(env):
    """Let the chart of channels count changes again, as before the installation."""
    convert_file(
        env,
        "g2p_spar_portal",
        "views/g2p_spar_mapping_version_views.xml",
        {},
        mode="update",
    )
