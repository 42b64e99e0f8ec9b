"""The sentences of ``core/``, marked for translators.

``core/`` has no translation of its own. Its errors carry their English sentence,
which the reference mixin looks up as any other term of this addon; the calls below
only put those terms into the catalogue. A test compares them with the source.
"""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

SENTENCES = (
    _lt("A code may only have letters, digits, dashes and underscores."),
    _lt("A part in braces must be named with letters, digits and underscores."),
    _lt(
        "A value contains separators of the address form, so the address could "
        "not be read back."
    ),
    _lt("An earlier row has this code already."),
    _lt("No active strategy can write an address of this type."),
    _lt("No active strategy has the number %(number)s."),
    _lt("No identifier type takes this identifier."),
    _lt("No part of this template says which type of address it is."),
    _lt(
        "None of the files is a table of SPAR. Name each file as its table, such "
        "as strategy.csv."
    ),
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
    _lt("The code %(code)s belongs to a provider of another kind here."),
    _lt(
        "The country %(region)s of telephone numbers is not known: write two "
        "letters such as KE."
    ),
    _lt("The identifier does not have the form of its type."),
    _lt(
        "The number %(number)s belongs to the strategy %(name)s here. Choose "
        "another offset."
    ),
    _lt("The part %(part)s of %(type)s has another fixed value here than %(value)s."),
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
    _lt("The template must be written in ASCII characters."),
    _lt(
        "The template of an identifier has the form type:{value}@provider, with one "
        "part in braces."
    ),
    _lt("The template must have 1 to %(limit)s characters, and no blanks around."),
    _lt("The template names one part twice."),
    _lt("There is no address type of this code."),
    _lt("There is no check of the kind %(kind)s."),
    _lt("There is no row with this id."),
    _lt("This cell must be ID or FA."),
    _lt("This cell must be MOBILE_WALLET or EMAIL_WALLET."),
    _lt("This cell must be a whole number."),
    _lt("This cell must be t or f."),
    _lt("This cell must not be empty."),
    _lt("This column is missing."),
    _lt("This contains control or invisible characters."),
    _lt("This does not have the form type:value@provider."),
    _lt("This file is empty."),
    _lt("This file is not a CSV file with commas."),
    _lt("This file is not written in UTF-8."),
    _lt("This id stands in an earlier row already."),
    _lt("This ends where the provider should follow."),
    _lt("This is longer than %(limit)s characters."),
    _lt(
        "This is not a readable zip file, or it holds more than %(limit)s "
        "million bytes."
    ),
    _lt("This must be a text."),
    _lt("This must not be empty."),
    _lt("This row has %(found)s cells instead of %(wanted)s."),
    _lt("This table was given twice."),
    _lt("This type has no part named %(part)s."),
    _lt("Two parts of the template have nothing between them."),
    _lt("Values of this level are not known."),
)
