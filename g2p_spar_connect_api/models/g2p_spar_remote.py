import itertools
import time
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from odoo import api, models
from odoo.tools import config

from odoo.addons.g2p_spar_fa_reference.core.seal import SealError, unseal
from odoo.addons.g2p_spar_mapper.core.commands import Origin, Outcome
from odoo.addons.g2p_spar_mapper.core.outgoing.errors import OutgoingError
from odoo.addons.g2p_spar_mapper.core.outgoing.place import join
from odoo.addons.g2p_spar_mapper.core.reason import Operation
from odoo.addons.g2p_spar_mapper.core.rows import Entry

from ..core.outgoing import breaker
from ..core.outgoing.health import HealthTable
from ..core.remote.answer import check_status, read_outcomes
from ..core.remote.facts import RemoteFacts
from ..core.remote.message import CONTENT_TYPE, write_message
from ..core.remote.split import failed_outcome, may_repeat
from ..core.remote.token import FORM_TYPE, read_token, write_token_request
from .g2p_spar_remote_mapper import SEALED_FOR

#: Bytes of an answer: for its frame, and for each item.
_FRAME_BYTES = 2**16
_ITEM_BYTES = 2**13

#: By name of the database: a process may serve several.
_tables: dict[str, HealthTable] = {}
#: (database, id of the mapper, revision) -> token, and until when it is used
_tokens: dict[tuple[str, int, str], tuple[str, float]] = {}


class G2PSparRemote(models.AbstractModel):
    """Calls of other mappers: items out, outcomes in.

    Nothing here writes to the database, so a resolve stays a reading request.
    """

    _name = "g2p.spar.remote"
    _description = "Calls to Other Mappers"

    @api.private
    def exchange(
        self,
        mapper_id: int,
        operation: Operation,
        entries: Sequence[Entry],
        origin: Origin,
    ) -> list[Outcome]:
        """Have another mapper do some items.

        When it does not answer, what was not sent yet is not sent any more.

        :param mapper_id: database id of the mapper
        :return: one outcome for each entry
        """
        facts = self.env["g2p.spar.remote.mapper"].get_facts(mapper_id)
        outcomes: list[Outcome] = []
        rest = iter(entries)
        while chunk := list(itertools.islice(rest, facts.item_limit)):
            try:
                outcomes += self._do(facts, operation, chunk, origin)
            except OutgoingError as error:
                unsent = len(entries) - len(outcomes) - len(chunk)
                failed = failed_outcome(operation, error.is_safe_to_repeat)
                return (
                    outcomes
                    + [failed] * len(chunk)
                    + [failed_outcome(operation, True)] * unsent
                )
        return outcomes

    @api.private
    def try_out(self, mapper_id: int, entry: Entry) -> Outcome:
        """Ask another mapper one question, even while it is left alone.

        :raise OutgoingError: it cannot be asked
        """
        facts = self.env["g2p.spar.remote.mapper"].get_facts(mapper_id)
        outcomes = self._call(facts, Operation.RESOLVE, [entry], Origin())
        return outcomes[0]

    @api.private
    def get_health(self, mapper_id: int) -> breaker.Health:
        """Return what this host knows of another mapper."""
        return self._health().read(mapper_id)

    # === ONE CALL === #

    def _do(
        self, facts: RemoteFacts, operation, entries, origin, attempts=1
    ) -> list[Outcome]:
        """Call, unless the mapper is left alone; a second time where that is safe."""
        if not self._begin(facts):
            return [failed_outcome(operation, True)] * len(entries)
        try:
            return self._call(facts, operation, entries, origin)
        except OutgoingError as error:
            if not may_repeat(operation, error, attempts):
                raise
        return self._do(facts, operation, entries, origin, attempts + 1)

    def _call(self, facts: RemoteFacts, operation, entries, origin) -> list[Outcome]:
        """Call once, and note how it ended.

        :raise OutgoingError: the mapper gave no answer that can be used
        """
        reference = self.env["g2p.spar.strategy"].get_reference()
        now = datetime.now(timezone.utc)
        raw = write_message(facts, operation, entries, origin, now, reference)
        try:
            answer = self._post(facts, operation, raw, len(entries))
            outcomes = read_outcomes(
                facts.dialect, operation, entries, answer, reference
            )
        except OutgoingError as error:
            self._note_failure(facts, error.code)
            raise
        self._health().change(
            facts.record_id, lambda health: breaker.succeed(health, time.time())
        )
        return outcomes

    def _post(
        self, facts: RemoteFacts, operation: Operation, raw: bytes, count: int
    ) -> bytes:
        session = self._session(facts, _FRAME_BYTES + count * _ITEM_BYTES)
        url = join(facts.base_url, *facts.path, operation.value)
        try:
            headers = self._authorize(facts) | self._sign(facts, raw)
        except SealError as error:
            raise OutgoingError("access_refused", str(error), True) from error
        answer = session.post(url, raw, headers | {"Content-Type": CONTENT_TYPE})
        try:
            check_status(answer.status)
        except OutgoingError as error:
            if error.code == "access_refused":
                _tokens.pop(self._token_key(facts), None)
            raise
        return answer.body

    def _sign(self, facts: RemoteFacts, raw: bytes) -> dict[str, str]:
        return self.env["g2p.spar.signer"].sign_always(raw) if facts.is_signed else {}

    def _session(self, facts: RemoteFacts, body_limit: int):
        return self.env["g2p.spar.outgoing"].session(
            connect_seconds=facts.connect_seconds,
            read_seconds=facts.total_seconds,
            total_seconds=facts.total_seconds,
            body_limit=body_limit,
        )

    # === TOKENS === #

    def _authorize(self, facts: RemoteFacts) -> dict[str, str]:
        """Return the header with a token, where the mapper wants one."""
        if not facts.token_url:
            return {}
        key = self._token_key(facts)
        token, until = _tokens.get(key, ("", 0.0))
        if time.time() >= until:
            token, seconds = self._ask_token(facts)
            # Those of former credentials; other threads may do the same.
            for old in [one for one in list(_tokens) if one[:2] == key[:2]]:
                _tokens.pop(old, None)
            _tokens[key] = token, time.time() + seconds
        return {"Authorization": f"Bearer {token}"}

    def _ask_token(self, facts: RemoteFacts) -> tuple[str, float]:
        if not facts.secret_sealed:
            raise OutgoingError(
                "access_refused",
                "The client secret for this mapper is not set: write it into its form.",
                is_safe_to_repeat=True,
            )
        secret = unseal(facts.secret_sealed, SEALED_FOR).decode()
        form = write_token_request(facts.client_id, secret, facts.scope)
        session = self._session(facts, _FRAME_BYTES)
        answer = session.post(facts.token_url, form, {"Content-Type": FORM_TYPE})
        return read_token(answer.status, answer.body)

    def _token_key(self, facts: RemoteFacts) -> tuple[str, int, str]:
        return self.env.cr.dbname, facts.record_id, facts.revision

    # === HEALTH === #

    def _begin(self, facts: RemoteFacts) -> bool:
        """Whether the mapper may be called now."""
        may_call = False

        def step(health):
            nonlocal may_call
            may_call, after = breaker.begin(health, facts.rules, time.time())
            return after

        self._health().change(facts.record_id, step)
        return may_call

    def _note_failure(self, facts: RemoteFacts, code: str) -> None:
        self._health().change(
            facts.record_id,
            lambda health: breaker.fail(health, facts.rules, time.time(), code),
        )

    def _health(self) -> HealthTable:
        name = self.env.cr.dbname
        if name not in _tables:
            _tables[name] = HealthTable(_folder() / f"{name}-health.bin")
        return _tables[name]


def _folder() -> Path:
    """Where the table lies: one place for all processes of this host."""
    return Path(config["data_dir"]) / "g2p_spar_remote"
