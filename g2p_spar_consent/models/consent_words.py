"""What people are told about consents, beside the text that they agree to."""

from odoo.tools import LazyTranslate

from odoo.addons.g2p_spar_portal.core import words
from odoo.addons.g2p_spar_portal.core.contact import PHONE
from odoo.addons.g2p_spar_portal.core.said import Marked
from odoo.addons.g2p_spar_portal.models.notice_words import Text, apart

_lt = LazyTranslate(__name__)

_SUBJECTS = {
    "active": _lt("You allowed somebody to ask about your account"),
    "withdrawn": _lt("A permission was ended"),
    "expired": _lt("A permission is over"),
}
_SENTENCES = {
    "active": _lt(
        "%(application)s may ask about your benefit account until %(until)s."
    ),
    "withdrawn": _lt("%(application)s may no longer ask about your benefit account."),
    "expired": _lt(
        "The time is over: %(application)s may no longer ask about your benefit"
        " account."
    ),
}
_REFERENCE = _lt("Ref %(reference)s.")
_NOT_ME = _lt("Not you? See %(url)s")
_NOT_ME_CALL = _lt("Not you? Call %(phone)s or see %(url)s")

#: How a consent stands, for the page "Who may ask".
STANDS = {
    "active": _lt("May ask now"),
    "withdrawn": _lt("Stopped by you or our office"),
    "expired": _lt("Over: the time has passed"),
    "replaced": _lt("Over: you agreed anew"),
}


def say(env, sentence: str) -> str:
    """Return a sentence of the rules in the language of an environment.

    :param sentence: marked in ``core``; what is not was written by an administrator
    """
    if not isinstance(sentence, Marked):
        return str(sentence)
    # The catalogues have it: core marks it.
    return env._(sentence)


def notice_of(env, consent, kind: str) -> Text:
    """Say that a consent was given, withdrawn, or is over.

    :param env: environment with the recipient's language
    :param consent: ``g2p.spar.consent``
    :param kind: phone or email
    """
    state = consent.state
    values = {
        "application": consent.sender_id.with_env(env(su=True)).consent_name or "",
        "until": day_of(env, consent.until),
    }
    lines = [
        _fill(env, _SENTENCES[state], **values),
        _fill(env, _REFERENCE, reference=apart(env, consent.reference)),
        _not_me(env),
    ]
    if kind == PHONE:
        lines = [" ".join(lines)]
    return Text(env._(_SUBJECTS[state]), lines)


def _fill(env, sentence, **values) -> str:
    text = env._(sentence)
    return text % values


def _not_me(env) -> str:
    settings = env["g2p.spar.portal.settings"]
    phone, url = settings.help().phone, settings.url()
    if phone:
        return _fill(env, _NOT_ME_CALL, phone=apart(env, phone), url=url)
    return _fill(env, _NOT_ME, url=url)


def day_of(env, moment) -> str:
    """Return a day in words, in the zone of the programme: all read the same day."""
    zone = words.zone_of(env["g2p.spar.portal.settings"].time_zone())
    return words.write_day(moment, env.lang or "en_US", zone)
