"""Reference data of earlier SPAR products, turned into rows of this registry.

Three generations are known, told apart by their tables:

* 1.0: ``fa_construct_strategy``, ``dfsp_providers``, ``dfsp_levels``,
  ``dfsp_level_values``, ``id_providers``
* 1.1: ``strategy``, ``dfsp_levels`` with ``level_type``, ``dfsp_level_values``
* 2.x: ``strategy``, ``banks``, ``branches``, ``wallet_service_providers``

Nothing here looks at the database. What exists already is for the one who stores
the result.
"""

from collections.abc import Iterable

from .errors import AddressError, StrategyError
from .id_template import template_ends
from .spar_chains import convert_chains, read_provider
from .spar_rows import (
    BranchRow,
    Conversion,
    IdTypeRow,
    PartRow,
    ProviderRow,
    StrategyRow,
    guess_fa_type,
)
from .spar_tables import Problem, Row, TableSet, read_files
from .strategy import CompiledStrategy, compile_strategy

COLUMNS_1_0 = {
    "fa_construct_strategy": ("id", "strategy"),
    "dfsp_providers": ("id", "name", "code", "strategy_id"),
    "dfsp_levels": ("id", "name", "code", "level"),
    "dfsp_level_values": (
        "id",
        "name",
        "code",
        "parent_id",
        "level_id",
        "next_level_id",
        "dfsp_provider_id",
    ),
    "id_providers": ("id", "name", "code", "strategy_id"),
}
COLUMNS_1_1 = {
    "strategy": ("id", "description", "strategy_type", "construct_strategy"),
    "dfsp_levels": ("id", "name", "level_type"),
    "dfsp_level_values": ("id", "name", "code", "parent", "level_id", "strategy_id"),
}
COLUMNS_2_X = {
    "strategy": COLUMNS_1_1["strategy"],
    "banks": ("id", "bank_mnemonic", "bank_name", "bank_code"),
    "branches": ("id", "branch_mnemonic", "branch_name", "branch_code", "bank_id"),
    "wallet_service_providers": (
        "id",
        "sp_mnemonic",
        "sp_name",
        "sp_code",
        "wallet_type",
    ),
}
#: Kind of provider and address type by ``level_type`` of 1.1.
LEVEL_TYPES = {
    "bank": ("bank", "BANK_ACCOUNT"),
    "mobile_wallet_provider": ("mobile_wallet", "MOBILE_WALLET"),
    "email_wallet_provider": ("email_wallet", "EMAIL_WALLET"),
}
#: Address type and part by ``level_type`` of the levels which are typed in 1.1.
TYPED_LEVELS = {
    "account": ("BANK_ACCOUNT", "account_number"),
    "mobile_number": ("MOBILE_WALLET", "mobile_number"),
    "email_address": ("EMAIL_WALLET", "email_address"),
}
#: Kind of provider by ``wallet_type`` of 2.x.
WALLET_TYPES = {"MOBILE_WALLET": "mobile_wallet", "EMAIL_WALLET": "email_wallet"}


def convert_files(files: Iterable[tuple[str, bytes]]) -> Conversion:
    """Convert the files of one dump.

    :param files: names and contents of CSV files, or of zip files with them
    :return: the rows, and what is wrong with the files
    """
    tables = read_files(files)
    result = Conversion(version=_version(tables))
    columns, convert = _GENERATIONS.get(result.version, ({}, None))
    for name, demanded in columns.items():
        tables.demand(name, demanded)
    if convert is None and not tables.problems:
        tables.problems.append(_unknown())
    if convert is not None and not tables.problems:
        convert(tables, result)
        _report_doubles(tables, result)
    result.unused = [
        table.file for name, table in tables.tables.items() if name not in columns
    ]
    result.problems = tables.problems
    return result


def _version(tables: TableSet) -> str:
    """Return which generation the tables belong to."""
    if "fa_construct_strategy" in tables:
        return "1.0"
    levels = tables.tables.get("dfsp_levels")
    if levels and "level_type" in levels.columns:
        return "1.1"
    return "2.x" if any(name in tables for name in COLUMNS_2_X) else ""


def _unknown() -> Problem:
    return Problem(
        "",
        0,
        "",
        "None of the files is a table of SPAR. Name each file as its table, such as "
        "strategy.csv.",
        {},
    )


# === STRATEGIES === #


def _compiled(tables: TableSet, row: Row, column: str) -> CompiledStrategy | None:
    """Compile the template of a row; report one that is unusable."""
    template = tables.text(row, column)
    if not template:
        return None
    try:
        return compile_strategy(template)
    except StrategyError as error:
        tables.report(row, column, error.sentence, **error.values)
        return None


def _id_type(
    tables: TableSet, row: Row, column: str, name: str, template: str
) -> IdTypeRow:
    """Name an identifier type after what stands behind the at sign."""
    provider = None
    try:
        _prefix, provider = template_ends(template)
    except (AddressError, StrategyError) as error:
        tables.report(row, column, error.sentence, **error.values)
    letters = provider or "id"
    code = "".join(letter if letter.isalnum() else "_" for letter in letters)
    return IdTypeRow(row, code, name, template, tables.active(row))


def _convert_1_0(tables: TableSet, result: Conversion) -> None:
    compiled = {
        key: (row, strategy)
        for key, row in tables.by_id("fa_construct_strategy").items()
        if (strategy := _compiled(tables, row, "strategy"))
    }
    for row in tables.by_id("id_providers").values():
        number = tables.integer(row, "strategy_id")
        found = compiled.pop(number, None)
        if found is None:
            tables.report(row, "strategy_id", "There is no row with this id.")
            continue
        name = tables.text(row, "name")
        result.id_types.append(
            _id_type(tables, found[0], "strategy", name, found[1].template)
        )
    convert_chains(tables, result, compiled)


def _convert_strategies(
    tables: TableSet, result: Conversion, types: dict[int, str]
) -> None:
    """Convert the table ``strategy`` of 1.1 and 2.x.

    :param types: address types of strategies, as far as other tables tell
    """
    for key, row in tables.by_id("strategy").items():
        compiled = _compiled(tables, row, "construct_strategy")
        kind = tables.text(row, "strategy_type").upper()
        name = tables.text(row, "description", required=False)
        if kind not in ("ID", "FA", ""):
            tables.report(row, "strategy_type", "This cell must be ID or FA.")
        if compiled is None or kind not in ("ID", "FA"):
            continue
        name = name or compiled.template
        if kind == "ID":
            result.id_types.append(
                _id_type(tables, row, "construct_strategy", name, compiled.template)
            )
        else:
            _convert_address_strategy(tables, result, row, key, name, compiled, types)


def _convert_address_strategy(
    tables: TableSet,
    result: Conversion,
    row: Row,
    number: int,
    name: str,
    compiled: CompiledStrategy,
    types: dict[int, str],
) -> None:
    fa_type = types.get(number) or guess_fa_type(compiled.part_names)
    if fa_type is None:
        tables.report(
            row,
            "construct_strategy",
            "No part of this template says which type of address it is.",
        )
        return
    pattern = tables.text(row, "deconstruct_strategy", required=False)
    result.strategies.append(
        StrategyRow(
            row, number, name, fa_type, compiled.template, pattern, tables.active(row)
        )
    )
    result.parts.extend(
        PartRow(row, fa_type, part, part, part.replace("_", " "), "typed", "", "")
        for part in compiled.part_names
    )


# === 1.1 === #


def _convert_1_1(tables: TableSet, result: Conversion) -> None:
    levels = tables.by_id("dfsp_levels")
    values = tables.by_id("dfsp_level_values")
    types: dict[int, str] = {}
    for row in values.values():
        level = levels.get(tables.integer(row, "level_id"))
        if level is None:
            tables.report(row, "level_id", "There is no row with this id.")
            continue
        level_type = level.cells["level_type"].lower()
        if level_type == "branch":
            _add_branch_1_1(tables, result, row, values)
        elif level_type in LEVEL_TYPES:
            kind, fa_type = LEVEL_TYPES[level_type]
            result.providers.append(read_provider(tables, row, kind))
            number = tables.integer(row, "strategy_id", required=False)
            types.setdefault(number, fa_type)
        else:
            tables.report(row, "level_id", "Values of this level are not known.")
    result.parts.extend(_typed_parts(tables, levels))
    _convert_strategies(tables, result, types)


def _typed_parts(tables: TableSet, levels: dict[int, Row]) -> list[PartRow]:
    """Return the typed levels which have a pattern."""
    found = []
    for row in levels.values():
        place = TYPED_LEVELS.get(row.cells["level_type"].lower())
        pattern = tables.text(row, "validation_regex", required=False)
        if place and pattern:
            fa_type, name = place
            label = tables.text(row, "name")
            part = PartRow(row, fa_type, name, name, label, "typed", "", pattern)
            found.append(part)
    return found


def _add_branch_1_1(
    tables: TableSet, result: Conversion, row: Row, values: dict[int, Row]
) -> None:
    provider = values.get(tables.integer(row, "parent"))
    if provider is None:
        tables.report(row, "parent", "There is no row with this id.")
        return
    result.branches.append(
        BranchRow(
            row,
            provider.cells["code"],
            tables.code(row, "code"),
            tables.text(row, "name"),
            "",
            tables.text(row, "description", required=False),
            tables.active(row),
        )
    )


# === 2.X === #


def _convert_2_x(tables: TableSet, result: Conversion) -> None:
    banks = tables.by_id("banks")
    for row in banks.values():
        result.providers.append(_provider_2_x(tables, row, "bank", "bank"))
    for row in tables.by_id("wallet_service_providers").values():
        kind = WALLET_TYPES.get(row.cells["wallet_type"].upper())
        if kind is None:
            tables.report(
                row, "wallet_type", "This cell must be MOBILE_WALLET or EMAIL_WALLET."
            )
            continue
        result.providers.append(_provider_2_x(tables, row, "sp", kind))
    for row in tables.by_id("branches").values():
        _add_branch_2_x(tables, result, row, banks)
    _convert_strategies(tables, result, {})


def _provider_2_x(tables: TableSet, row: Row, prefix: str, kind: str) -> ProviderRow:
    return ProviderRow(
        row,
        tables.code(row, f"{prefix}_code"),
        tables.text(row, f"{prefix}_name"),
        kind,
        tables.text(row, f"{prefix}_mnemonic", required=False),
        "",
        tables.active(row),
    )


def _add_branch_2_x(
    tables: TableSet, result: Conversion, row: Row, banks: dict[int, Row]
) -> None:
    bank = banks.get(tables.integer(row, "bank_id"))
    if bank is None:
        tables.report(row, "bank_id", "There is no row with this id.")
        return
    result.branches.append(
        BranchRow(
            row,
            bank.cells["bank_code"],
            tables.code(row, "branch_code"),
            tables.text(row, "branch_name"),
            tables.text(row, "branch_mnemonic", required=False),
            "",
            tables.active(row),
        )
    )


# === ALL === #


def _report_doubles(tables: TableSet, result: Conversion) -> None:
    """Report codes which two rows claim."""
    claims = [(row.origin, row.code.casefold()) for row in result.providers]
    claims += [
        (row.origin, (row.provider.casefold(), row.code.casefold()))
        for row in result.branches
    ]
    seen = set()
    for origin, claim in claims:
        if claim in seen:
            tables.report(origin, "code", "An earlier row has this code already.")
        seen.add(claim)


_GENERATIONS = {
    "1.0": (COLUMNS_1_0, _convert_1_0),
    "1.1": (COLUMNS_1_1, _convert_1_1),
    "2.x": (COLUMNS_2_X, _convert_2_x),
}
