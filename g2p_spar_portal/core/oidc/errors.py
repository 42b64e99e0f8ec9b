"""How a login at a provider fails."""

from ..said import _lt

#: Every reason there is, and what it means to those who run the registry.
CODES = {
    "access_denied": _lt("the person refused, or the provider refused the person"),
    "consent_rejected": _lt("the person did not let the provider pass the data on"),
    "expired": _lt("the person took too long, or the provider's page had ended"),
    "provider_error": _lt("the provider answered the browser with another error"),
    "callback_invalid": _lt("the browser came back with parameters of another form"),
    "state_mismatch": _lt("the browser came back with the state of no login here"),
    "issuer_mismatch": _lt("the answer names another issuer than the record"),
    "provider_unreachable": _lt("no whole answer came in time"),
    "provider_answer": _lt("an answer came that cannot be understood"),
    "token_refused": _lt("the provider did not exchange the code"),
    "id_token_invalid": _lt("the ID token is not valid"),
    "nonce_mismatch": _lt("the ID token belongs to another login"),
    "clock_skew": _lt("the ID token is of another time: check both clocks"),
    "login_too_old": _lt("the person logged in before this login began"),
    "acr_too_low": _lt("the person proved the identity in a weaker way than demanded"),
    "userinfo_invalid": _lt(
        "the person's data are not signed or encrypted as demanded"
    ),
    "subject_mismatch": _lt("the data are of another person than the login"),
    "other_person": _lt("somebody else proved the identity than who was asked to"),
    "claims_missing": _lt("a claim that the record demands did not come"),
    "configuration": _lt("the record or a key is not complete"),
}


class OidcError(Exception):
    """A login did not succeed.

    :param str code: one of :data:`CODES`; what the person reads follows from it
    :param str detail: for the log of the server: what exactly was wrong, made of
        our own words and names of parameters, claims and codes; never a claim's
        value, a token or a code
    """

    def __init__(self, code: str, detail: str = ""):
        if code not in CODES:
            raise ValueError(code)
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
