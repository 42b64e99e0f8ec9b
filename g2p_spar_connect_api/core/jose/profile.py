"""How a sender proves who it is: its profile, as a plain value."""

from enum import StrEnum
from typing import NamedTuple

from joserfc.jwk import ECKey, OKPKey, RSAKey

from .keys import SIGNATURE_ALGORITHMS

#: So many keys are tried for one signature, those it names first.
MOST_TRIED = 8


class Policy(StrEnum):
    """What becomes of a signature that comes with a token."""

    IGNORED = "ignored"
    CHECKED = "checked"
    REQUIRED = "required"


class PartnerKey(NamedTuple):
    """A registered public key, ready for use.

    :param use: ``sig`` or ``enc``
    :param alg: the one algorithm it is for; none: every one of its kind
    :param jwk: public parameters, with kid, use and, where bound, alg
    :param valid_from: seconds since the epoch; none: from ever
    :param valid_until: seconds since the epoch; none: no end
    :param shape: key type and curve
    """

    kid: str
    use: str
    alg: str | None
    jwk: dict
    valid_from: float | None
    valid_until: float | None
    key: ECKey | OKPKey | RSAKey

    @property
    def shape(self) -> tuple[str, str | None]:
        """Key type and curve."""
        return self.jwk["kty"], self.jwk.get("crv")

    def is_valid(self, now: float) -> bool:
        """Whether the key may be used at ``now`` (seconds since the epoch)."""
        begun = self.valid_from is None or self.valid_from <= now
        return begun and (self.valid_until is None or now < self.valid_until)

    def signs_with(self, algorithm: str) -> bool:
        """Whether signatures of this algorithm may be verified with the key."""
        bound = (
            self.alg is None
            or self.alg == algorithm
            or _are_names_of_one(self.alg, algorithm)
        )
        fits = SIGNATURE_ALGORITHMS.get(algorithm) == self.shape
        return self.use == "sig" and bound and fits


def _are_names_of_one(first: str, second: str) -> bool:
    return {first, second} == {"EdDSA", "Ed25519"}


class AuthFacts(NamedTuple):
    """What a sender may come in with, and how it is checked.

    :param own_tokens: whether access tokens of this registry let it in
    :param issuer_id: record of the outside issuer whose tokens let it in
    :param policy: what becomes of a signature that comes with a token
    :param alone: whether a signature lets it in without a token
    :param header_form: whether the HTTP header ``Signature`` is looked at
    :param body_form: whether the field ``signature`` of the body is looked at
    :param bare_form: whether a JWT in ``Authorization`` may carry the message
    :param algorithms: of signatures; none of them: no signature is right
    :param keys: of the sender, of both uses, in and out of their time
    :param token_issuer: ``iss`` of its bare JWT
    :param token_audience: ``aud`` of its bare JWT
    :param window: seconds a signed message may be old, and a name of a bare JWT
        is remembered; 0: neither is looked at
    :param signs: algorithm that answers are signed with; none: unsigned
    :param has_address: whether its keys can be fetched
    """

    own_tokens: bool = True
    issuer_id: int | None = None
    policy: Policy = Policy.IGNORED
    alone: bool = False
    header_form: bool = True
    body_form: bool = True
    bare_form: bool = False
    algorithms: frozenset[str] = frozenset()
    keys: tuple[PartnerKey, ...] = ()
    token_issuer: str = ""
    token_audience: str = ""
    window: int = 0
    signs: str | None = None
    has_address: bool = False

    def signature_keys(
        self, kid: str | None, algorithm: str, now: float
    ) -> list[PartnerKey]:
        """Return the keys that may have made a signature, those so named first.

        A name is a hint only: key managers write one that is theirs alone. All
        keys returned are of this sender, in their time, and fit the algorithm.
        """
        if algorithm not in self.algorithms:
            return []
        fit = [
            key for key in self.keys if key.is_valid(now) and key.signs_with(algorithm)
        ]
        return sorted(fit, key=lambda key: key.kid != kid)[:MOST_TRIED]

    def knows(self, kid: str) -> bool:
        """Whether a key of this name is registered, whatever its time."""
        return any(key.kid == kid for key in self.keys)
