"""Take over what the API addon had: the list of addresses that may be called."""

_MOVED = (
    "^((model|field|constraint|access)_|model_inherit__)?"
    "g2p_spar_(outgoing|facts_mixin)|^menu_outgoing_address$"
)


def migrate(cr, version):
    """Let the names of records say which addon they belong to now."""
    cr.execute(
        """
        UPDATE ir_model_data SET module = 'g2p_spar_mapper'
        WHERE module = 'g2p_spar_connect_api' AND name ~ %s
        """,
        (_MOVED,),
    )
    cr.execute(
        """
        UPDATE ir_model_constraint SET module = mapper.id
        FROM ir_module_module mapper, ir_module_module api, ir_model model
        WHERE mapper.name = 'g2p_spar_mapper' AND api.name = 'g2p_spar_connect_api'
            AND ir_model_constraint.module = api.id
            AND model.id = ir_model_constraint.model
            AND model.model = 'g2p.spar.outgoing.address'
        """
    )
