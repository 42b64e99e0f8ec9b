"""Run inside Superset: ask every chart of the dashboard, and print what came.

Prints one JSON object: for each chart by its name the views that it read (from the
statement that Superset made), the names of the columns and the rows.
"""

import json
import re
import sys

from superset.app import create_app

ADDRESS = "/api/v1"


def main() -> None:
    """Log in as the administrator and ask as a browser does."""
    app = create_app()
    client = app.test_client()
    token = client.post(
        f"{ADDRESS}/security/login",
        json={
            "username": "admin",
            "password": sys.argv[1],
            "provider": "db",
            "refresh": False,
        },
    ).json["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    charts = client.get(f"{ADDRESS}/dashboard/spar/charts", headers=headers).json
    told = {}
    for chart in charts["result"]:
        address = f"{ADDRESS}/chart/{chart['id']}/data/?force=true"
        answer = client.get(address, headers=headers)
        told[chart["slice_name"]] = tell(answer)
    sys.stdout.write("\n" + json.dumps(told) + "\n")


def tell(answer) -> dict:
    """What the answer about one chart says."""
    if answer.status_code != 200:
        return {"error": answer.get_data(as_text=True)}
    (result,) = answer.json["result"]
    views = re.findall(r"(?:FROM|JOIN) ([\w.\"]+)", result["query"])
    return {
        "error": result["error"],
        "views": sorted({one.replace('"', "").split(".")[-1] for one in views}),
        "columns": result["colnames"],
        "rows": result["data"],
    }


if __name__ == "__main__":
    main()
