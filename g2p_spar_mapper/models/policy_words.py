"""What a policy will do, in plain words."""

from odoo.tools import LazyTranslate

from ..const import CHANNELS
from ..core.policy import Part, Policy, Say, describe

_lt = LazyTranslate(__name__)

_SENTENCES = {
    Say.ANY_CHANGE: _lt("Whenever somebody changes the address of an ID."),
    Say.ID_TYPES: _lt("The ID is of the type: %s."),
    Say.PROVIDERS: _lt("The new address is at: %s."),
    Say.CHANNELS: _lt("The change comes by: %s."),
    Say.PAST: _lt(
        "The address was changed at least %(count)s times in the last %(days)s days."
    ),
    Say.AT_ONCE: _lt("The change is made at once."),
    Say.WAITS: _lt(
        "The change waits %s hours, unless somebody else agrees to it before."
    ),
    Say.NEEDS_OTHER: _lt(
        "The change waits until somebody else than who asked agrees to it."
    ),
    Say.PAYS_OLD: _lt("Until then payments go to the old address."),
    Say.PAYS_NOTHING: _lt("Until then nothing is paid."),
    Say.FIRST_NEVER: _lt("The first address of an ID never waits."),
}
_MODELS = {
    Say.ID_TYPES: "g2p.spar.id.type",
    Say.PROVIDERS: "g2p.spar.provider",
}


def summary_of(env, policy: Policy) -> str:
    """Say what a policy will do, one sentence a line.

    :param env: environment, for the language and the names of records
    """
    return "\n".join(_say(env, part) for part in describe(policy))


def _say(env, part: Part) -> str:
    sentence = env._(_SENTENCES[part.say])
    if part.say in _MODELS:
        records = env[_MODELS[part.say]].browse(part.values)
        return sentence % ", ".join(records.mapped("name"))
    if part.say == Say.CHANNELS:
        return sentence % ", ".join(channel_names(env, part.values))
    if part.say == Say.PAST:
        return sentence % {"count": part.values[0], "days": part.values[1]}
    return sentence % part.values if part.values else sentence


def channel_names(env, channels) -> list[str]:
    """The names of some channels in the user's language, in their usual order."""
    field = env["g2p.spar.mapping"]._fields["channel"]
    names = dict(field._description_selection(env))
    return [names[code] for code, _name in CHANNELS if code in channels]
