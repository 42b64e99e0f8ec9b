from odoo import api, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

_STOPPED = (
    _lt("You did not finish the login"),
    _lt(
        "You stopped, or you did not agree to share your details. Nothing was changed."
    ),
    _lt("If you want to go on, log in again and agree when you are asked."),
)
_TOO_LATE = (
    _lt("The login took too long"),
    _lt("For your safety a login must be finished in a few minutes."),
    _lt("Start again. Keep your ID card and your phone ready."),
)
_NO_ANSWER = (
    _lt("The ID service does not answer"),
    _lt("The service that checks who you are has a problem. It is not your fault."),
    _lt("Wait a few minutes, then try again."),
)
_NOT_SURE = (
    _lt("We could not be sure that it is you"),
    _lt(
        "The answer of the ID service was not right, so we stopped. Your money is safe."
    ),
    _lt("Try again. If it happens again, ask for help and tell the word below."),
)
_OTHER_BROWSER = (
    _lt("This login did not start here"),
    _lt(
        "The page was used before, is too old, or came from a link that somebody sent"
        " you."
    ),
    _lt("Start again with the button below. Do not use links that others send you."),
)
_NOT_SET_UP = (
    _lt("The login is not ready"),
    _lt("Something is not set up in our office. It is not your fault."),
    _lt("Please ask for help and tell the word below."),
)
#: What a person reads when a login did not work: title, what happened, what to do.
LOGIN_FAILURES = {
    "access_denied": _STOPPED,
    "consent_rejected": _STOPPED,
    "expired": _TOO_LATE,
    "login_too_old": _TOO_LATE,
    "provider_error": _NO_ANSWER,
    "provider_unreachable": _NO_ANSWER,
    "provider_answer": _NO_ANSWER,
    "token_refused": _NO_ANSWER,
    "callback_invalid": _OTHER_BROWSER,
    "state_mismatch": _OTHER_BROWSER,
    "not_started_here": _OTHER_BROWSER,
    "issuer_mismatch": _NOT_SURE,
    "id_token_invalid": _NOT_SURE,
    "nonce_mismatch": _NOT_SURE,
    "clock_skew": _NOT_SURE,
    "userinfo_invalid": _NOT_SURE,
    "subject_mismatch": _NOT_SURE,
    "configuration": _NOT_SET_UP,
    "id_unusable": _NOT_SET_UP,
    "acr_too_low": (
        _lt("We need a stronger proof"),
        _lt("The way you logged in is not strong enough for this step."),
        _lt("Start again and choose another way, such as your finger or a code."),
    ),
    "claims_missing": (
        _lt("Some of your details are missing"),
        _lt("The ID service did not tell us all that we need to find your account."),
        _lt("Start again and agree to share your details. If you did, ask for help."),
    ),
    "too_many": (
        _lt("Too many logins"),
        _lt("There were many logins in a short time, so we wait to keep you safe."),
        _lt("Wait ten minutes, then try again."),
    ),
    "other_person": (
        _lt("Somebody else logged in"),
        _lt(
            "Only the person who owns the account can change it. Nothing was changed:"
            " the money goes where it went before."
        ),
        _lt("If it is your account, start the change again and log in yourself."),
    ),
    "provider_closed": (
        _lt("The login is closed at the moment"),
        _lt("Nobody can log in this way right now. Your account was not changed."),
        _lt("Try again later, or ask for help."),
    ),
    "shut_out": (
        _lt("You cannot log in here"),
        _lt("Our office has closed this login. Your account was not changed by this."),
        _lt("Please ask for help."),
    ),
}


class G2PSparPage(models.AbstractModel):
    _inherit = "g2p.spar.page"

    @api.model
    def _login_failure(self, code):
        """Return what a person reads when a login did not work.

        :param str code: one of ``core.login_rules.FAILURES``
        :rtype: dict
        :raise KeyError: no such code
        """
        title, happened, todo = LOGIN_FAILURES[code]
        return {
            "code": code,
            "title": self.env._(title),
            "happened": self.env._(happened),
            "todo": self.env._(todo),
        }
