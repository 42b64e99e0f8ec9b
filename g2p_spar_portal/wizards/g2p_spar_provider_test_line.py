from odoo import api, fields, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

#: What is looked at, by the code of a check, and what to do where it is not right.
STEPS = {
    "configuration": (
        _lt("The record is complete"),
        _lt("Fill in what is missing, in the steps of this form."),
    ),
    "redirect": (
        _lt("People come back to a safe address"),
        _lt("Set the address of this system (web.base.url) to its public one, HTTPS."),
    ),
    "client_key": (
        _lt("We can prove who we are"),
        _lt("Make a client key in step 2, register it at the provider, press Use."),
    ),
    "discovery": (
        _lt("The provider can be reached"),
        _lt(
            "Compare the discovery address with the provider. One inside the own"
            " network must stand under Reference Data > Allowed Addresses."
        ),
    ),
    "issuer": (
        _lt("It is the provider it should be"),
        _lt("Copy the issuer letter by letter from the provider's own description."),
    ),
    "addresses": (
        _lt("Its addresses are those of the record"),
        _lt("Copy the address, or keep yours if the provider agreed to it."),
    ),
    "keys": (
        _lt("Its keys can be used"),
        _lt("Ask the provider where it publishes its keys and how it signs."),
    ),
    "push": (
        _lt("It takes pushed requests"),
        _lt("Check client ID, client key and redirect address with the provider."),
    ),
    "clock": (_lt("The clocks agree"), _lt("Synchronise both clocks (NTP).")),
    "iss": (
        _lt("Its answers name it"),
        _lt("See Answers May Lack the Issuer in step 4."),
    ),
    "scope": (_lt("It knows the scope"), _lt("Compare the scope in step 3.")),
    "response_type": (_lt("It gives codes"), _lt("Ask the provider.")),
    "client_authentication": (
        _lt("It takes signed assertions"),
        _lt("Ask the provider for private_key_jwt."),
    ),
    "signature_of_the_client": (
        _lt("It takes our signature"),
        _lt("Choose another signature of the client in step 2."),
    ),
    "signature_of_ID_tokens": (
        _lt("We understand its signature"),
        _lt("Compare the signatures of ID tokens in step 4."),
    ),
    "PKCE_method": (
        _lt("It takes PKCE with S256"),
        _lt("Logins always use it: ask the provider to support it."),
    ),
    "proof_of_the_identity": (
        _lt("It offers the proofs that are demanded"),
        _lt("Compare the proofs (acr) in step 3 with what the provider offers."),
    ),
}


class G2PSparProviderTestLine(models.TransientModel):
    _name = "g2p.spar.provider.test.line"
    _description = "Step of a Test of a Login Provider"
    _order = "id"

    test_id = fields.Many2one(
        "g2p.spar.provider.test", required=True, ondelete="cascade", index=True
    )
    code = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [("ok", "Good"), ("warning", "Look Here"), ("failed", "Problem")],
        required=True,
        readonly=True,
    )
    step = fields.Text("What Was Looked At", compute="_compute_words")
    sentence = fields.Text("What Was Found", readonly=True)
    todo = fields.Text("What to Do", compute="_compute_words")

    @api.depends("code", "state")
    def _compute_words(self):
        for line in self:
            step, todo = STEPS.get(line.code, (line.code, ""))
            line.step = self.env._(step)
            line.todo = line.state != "ok" and todo and self.env._(todo)
