from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.g2p_spar_fa_reference.core.seal import keyed_hash


class G2PSparIdentity(models.Model):
    """A person as one provider knows them, and the portal user that stands for them.

    Found by provider and subject only: an e-mail address or a name proves nothing.
    """

    _name = "g2p.spar.identity"
    _description = "Beneficiary's Login"
    _order = "id desc"
    _rec_name = "user_id"

    provider_id = fields.Many2one(
        "auth.oauth.provider", required=True, readonly=True, ondelete="restrict"
    )
    subject = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="By what the provider knows the person, letter by letter.",
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="user_id.partner_id", store=True, index=True)
    last_login = fields.Datetime(related="user_id.login_date")
    active = fields.Boolean(default=True)

    _subject_uniq = models.UniqueIndex(
        "(provider_id, subject)", "This person has a login already."
    )
    _user_uniq = models.UniqueIndex(
        "(user_id)", "A user stands for one person at one provider."
    )

    def write(self, vals):
        """Write; who is shut out loses the user too, so open sessions end.

        :raise AccessError: somebody changes more by hand than whether the login is
            open: with another user or provider it would open to somebody else
        """
        if vals.keys() - {"active"} and not self.env.su:
            raise AccessError(self.env._("A login can only be closed or opened."))
        result = super().write(vals)
        if "active" in vals:
            # Whoever may shut a person out may shut the user which stands for them.
            self.user_id.sudo().active = vals["active"]
        return result

    # === BUSINESS METHODS === #

    def _find(self, provider, subject):
        """Return the identity of a subject, also one that was shut out."""
        return self.with_context(active_test=False).search(
            [("provider_id", "=", provider.id), ("subject", "=", subject)]
        )

    def _find_or_create(self, provider, subject):
        """Return the identity of a subject; the first login makes it and its user.

        Of two first logins at once one waits for the other, given that the
        transaction sees what others commit (``READ COMMITTED``).

        :param provider: the provider that vouches for the subject
        :param str subject: as the provider writes it
        """
        identity = self._find(provider, subject)
        if not identity:
            self._lock(provider, subject)
            identity = self._find(provider, subject)
        return identity or self._create_with_user(provider, subject)

    def _lock(self, provider, subject):
        """Make other first logins of this subject wait for the end of this one."""
        name = f"g2p_spar_identity {provider.id} {subject}"
        self.env.execute_query(
            SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", name)
        )

    def _create_with_user(self, provider, subject):
        login = f"spar-{keyed_hash(f'{provider.id} {subject}', 'portal_login')}"
        user = self._create_user(login)
        return self.create(
            {"provider_id": provider.id, "subject": subject, "user_id": user.id}
        )

    def _create_user(self, login):
        """Make a portal user which nothing but a provider's login opens.

        No password, no e-mail address, and no name: every member of staff reads
        partners.
        """
        users = self.env["res.users"].with_context(no_reset_password=True)
        return users.create(
            {
                "name": self.env._("Beneficiary %s", login[5:11]),
                "login": login,
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )

    def _go_alone(self):
        """Let no other request of this person go on beside this one.

        PostgreSQL refuses the other one, which is meant and no fault: Odoo runs it
        again, and it sees what this one did. So a double click is harmless.
        """
        self.ensure_one()
        self.env.cr.execute(
            SQL(
                "UPDATE g2p_spar_identity SET user_id = user_id WHERE id = %s", self.id
            ),
            log_exceptions=False,
        )

    @api.model
    def _is_user(self, user_ids):
        """Return those of some users that stand for a beneficiary.

        :param user_ids: ids
        :rtype: set[int]
        """
        # Asked before anybody is logged in, and answers only this.
        identities_sudo = self.sudo().with_context(active_test=False)
        found = identities_sudo.search_fetch([("user_id", "in", user_ids)], ["user_id"])
        return set(found.user_id.ids)
