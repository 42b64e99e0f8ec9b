from odoo.tools import convert_file


def uninstall_hook(env):
    """Let the charts of mappings count mappings again, as before the installation."""
    convert_file(
        env, "g2p_spar_mapper", "views/g2p_spar_mapping_views.xml", {}, mode="update"
    )
