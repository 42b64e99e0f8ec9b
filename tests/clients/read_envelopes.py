"""Read messages and answers of OpenG2P 2.x with its own published models.

Pairs of a request and its answer as a JSON list on standard input. Prints, for each,
request id, status and code as the models read them.
"""

import json
import sys

from openg2p_fastapi_common.schemas import G2PRequest, G2PResponse


def read(request: dict, answer: dict) -> list:
    """Read one pair.

    :raise ValueError: one of them is not what the models describe
    """
    asked = G2PRequest.model_validate(request)
    header = G2PResponse.model_validate(answer).response_header
    return [
        asked.request_header.request_id == header.request_id,
        header.response_status.value,
        header.response_error_code,
    ]


if __name__ == "__main__":
    json.dump([read(*pair) for pair in json.load(sys.stdin)], sys.stdout)
