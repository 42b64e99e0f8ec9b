"""Each weakness that was found in other modules for logins is tried on this one."""

import ast
import re

#: Numbers of the list that the tests are named after: of addons for OpenG2P (G),
#: of Odoo's community (C), of Odoo itself (K), of the SPAR services (S).
NUMBERED = {"g": 18, "c": 4, "k": 3, "s": 6}
_NAME = re.compile(r"test_weakness((?:_[gcks]\d+)+)_\D")


def test_every_weakness_has_a_test_named_after_it(sources):
    tested = set()
    for source in sources:
        for function in source.nodes(ast.FunctionDef):
            if match := _NAME.match(function.name):
                tested.update(match[1].strip("_").split("_"))
    wanted = {
        f"{letter}{number}"
        for letter, most in NUMBERED.items()
        for number in range(1, most + 1)
    }
    assert wanted - tested == set()
    assert tested - wanted == set()
