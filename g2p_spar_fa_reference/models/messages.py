"""The sentences of ``core/``, marked for translators.

``core/`` has no translation of its own. Its errors carry their English sentence,
which the reference mixin looks up as any other term of this addon; the calls below
only put those terms into the catalogue. A test compares them with the source.
"""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

SENTENCES = (
    _lt("A part in braces must be named with letters, digits and underscores."),
    _lt(
        "A value contains separators of the address form, so the address could not "
        "be read back."
    ),
    _lt("No active strategy can write an address of this type."),
    _lt("No active strategy has the number %(number)s."),
    _lt("No identifier type takes this identifier."),
    _lt("The %(part)s does not have the expected form."),
    _lt("The %(part)s has another value."),
    _lt("The %(part)s is longer than %(limit)s characters."),
    _lt("The %(part)s is missing."),
    _lt("The %(part)s is not a valid BIC."),
    _lt("The %(part)s is not a valid IBAN."),
    _lt("The %(part)s is not a valid IFSC."),
    _lt("The %(part)s is not a valid e-mail address."),
    _lt(
        "The %(part)s is not a valid telephone number: write it with + and the "
        "country code."
    ),
    _lt("The %(part)s must be a text."),
    _lt("The %(part)s must consist of digits only."),
    _lt("The braces of the template do not balance."),
    _lt(
        "The country %(region)s of telephone numbers is not known: write two letters "
        "such as KE."
    ),
    _lt("The identifier does not have the form of its type."),
    _lt("The pattern does not read back what the template writes."),
    _lt("The pattern has no group for the part %(part)s."),
    _lt("The pattern is longer than %(limit)s characters."),
    _lt("The pattern is not a regular expression: %(reason)s."),
    _lt("The pattern looks ahead, behind or back: write it without."),
    _lt(
        "The pattern repeats a group that itself repeats or has alternatives: it "
        "could run for ever."
    ),
    _lt("The provider of this address is not known here."),
    _lt("The template has no part in braces."),
    _lt("The template must have 1 to %(limit)s characters, and no blanks around."),
    _lt("The template must be written in ASCII characters."),
    _lt("The template names one part twice."),
    _lt("There is no address type of this code."),
    _lt("There is no check of the kind %(kind)s."),
    _lt("This contains control or invisible characters."),
    _lt("This does not have the form type:value@provider."),
    _lt("This is longer than %(limit)s characters."),
    _lt("This must be a text."),
    _lt("This must not be empty."),
    _lt("This type has no part named %(part)s."),
    _lt("Two parts of the template have nothing between them."),
)
