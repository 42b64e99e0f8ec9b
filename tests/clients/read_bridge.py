"""Read addresses with the code of G2P Bridge.

Usage: ``read_bridge.py FOLDER`` with the Bridge installed in ``FOLDER``, and addresses
as a JSON list on standard input. Prints the parts that it finds in each.
"""

import json
import os
import sys

sys.path.insert(0, sys.argv[1])

# The pattern of the installation guide; the package itself has none.
os.environ["G2P_BRIDGE_CELERY_WORKERS_BANK_FA_DECONSTRUCT_STRATEGY"] = (
    r"^account_number:(?P<account_number>.*)\.branch_code:(?P<branch_code>.*)"
    r"\.bank_code:(?P<bank_code>.*)\.mobile_number:(?P<mobile_number>.*)"
    r"\.email_address:(?P<email_address>.*)\.fa_type:(?P<fa_type>.*)$"
)

from openg2p_g2p_bridge_celery_workers.helpers import resolve_helper

if __name__ == "__main__":
    if not resolve_helper.__file__.startswith(sys.argv[1]):
        sys.exit(f"read from {resolve_helper.__file__}")
    helper = resolve_helper.ResolveHelper()
    json.dump([helper.deconstruct_fa(fa) for fa in json.load(sys.stdin)], sys.stdout)
