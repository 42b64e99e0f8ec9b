"""The reference data which the benchmark's addresses name."""


def make_reference(env, template, provider_codes):
    """Make the banks and the strategy of the benchmark where they are missing.

    The demonstration data has the strategy; a database without it gets it here.

    :param str template: template of the strategy
    :param list[str] provider_codes: codes of the banks
    """
    bank_account = env.ref("g2p_spar_fa_reference.g2p_spar_fa_type_bank_account")
    if not env["g2p.spar.strategy"].search([("template", "=", template)]):
        _name_parts(env, bank_account)
        env["g2p.spar.strategy"].create(
            {
                "name": "Benchmark",
                "fa_type_id": bank_account.id,
                "template": template,
                "sequence": 1,
            }
        )
    providers = env["g2p.spar.provider"]
    known = set(providers.search([("code", "in", provider_codes)]).mapped("code"))
    providers.create(
        [
            {
                "code": code,
                "name": f"Benchmark {code}",
                "kind_id": bank_account.kind_id.id,
            }
            for code in provider_codes
            if code not in known
        ]
    )


def _name_parts(env, bank_account):
    """Let the template call the parts of a bank account by their short names."""
    aliases = {"account_number": "account_no", "branch_code": "branch"}
    aliases["bank_code"] = "bank"
    for part in bank_account.part_ids.filtered(lambda part: part.name in aliases):
        names = [name for name in (part.aliases, aliases[part.name]) if name]
        part.aliases = ", ".join(names)
    env["g2p.spar.fa.part"].create(
        {
            "fa_type_id": bank_account.id,
            "name": "type",
            "label": "Kind of address",
            "source": "constant",
            "constant": "bank_acc",
        }
    )
