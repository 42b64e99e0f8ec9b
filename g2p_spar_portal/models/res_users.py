import hmac

from odoo import api, models
from odoo.exceptions import AccessDenied, UserError, ValidationError

from ..const import CREDENTIAL

#: Under which name the ticket of a login waits with its transaction.
_TICKET = "g2p_spar_ticket"
#: What would open another door to such a user.
_KEYS = frozenset(
    {
        "auth_passkey_key_ids",
        "email",
        "new_password",
        "oauth_access_token",
        "oauth_provider_id",
        "oauth_uid",
        "password",
        "totp_secret",
    }
)


class ResUsers(models.Model):
    """A user that stands for a beneficiary has one door: a login at the provider.

    All of Odoo's other doors are shut here, whoever tries them.
    """

    _inherit = "res.users"

    # === THE DOOR === #

    def _spar_issue_ticket(self, ticket):
        """Let the holder of a ticket log in as this user, once.

        It waits with the transaction, in memory, and ends with it: no other
        request can use it.

        :param str ticket: a text nobody can guess
        """
        self.ensure_one()
        self.env.cr.cache[_TICKET] = (self.id, ticket)

    def _spar_credential(self, ticket):
        """Return what :meth:`_check_credentials` takes for a ticket of this user."""
        return {"type": CREDENTIAL, "login": self.login, "token": ticket}

    def _check_credentials(self, credential, env):
        if credential["type"] == CREDENTIAL:
            return self._spar_check_ticket(credential)
        if self.env["g2p.spar.identity"]._is_user(self.env.user.ids):
            raise AccessDenied()
        return super()._check_credentials(credential, env)

    def _spar_check_ticket(self, credential):
        """Log in with the ticket of this very transaction, and use it up."""
        uid, ticket = self.env.cr.cache.pop(_TICKET, (None, ""))
        shown = credential.get("token") or ""
        is_right = ticket and hmac.compare_digest(ticket.encode(), shown.encode())
        if not is_right or uid != self.env.uid or not self.env.user.active:
            raise AccessDenied()
        return {"uid": uid, "auth_method": CREDENTIAL, "mfa": "skip"}

    def _login(self, credential, user_agent_env):
        """Log in; whatever door another module added is shut for beneficiaries."""
        info = super()._login(credential, user_agent_env)
        if info["auth_method"] != CREDENTIAL and self._spar_persons(info["uid"]):
            raise AccessDenied()
        return info

    def _on_login_cooldown(self, failures, previous):
        """Tell whether to wait after wrong passwords from the same address.

        Nobody who proved who they are at the provider waits because somebody else
        at the same kiosk forgot a password.
        """
        if _TICKET in self.env.cr.cache:
            return False
        return super()._on_login_cooldown(failures, previous)

    # === DOORS THAT STAY SHUT === #

    def write(self, vals):
        """Write, but give no key to who logs in at the provider."""
        keys = {name for name in _KEYS & vals.keys() if vals[name]}
        if keys and self._spar_persons(self.ids):
            raise UserError(self._spar_no_key())
        return super().write(vals)

    def _set_encrypted_password(self, uid, pw):
        if self._spar_persons(uid):
            raise UserError(self._spar_no_key())
        return super()._set_encrypted_password(uid, pw)

    def reset_password(self, login):
        """Send a link to set a password, but to nobody who has none."""
        domain = self._get_login_domain(login) | self._get_email_domain(login)
        if self._spar_persons(self.search(domain).ids):
            raise UserError(self._spar_no_key())
        return super().reset_password(login)

    def _action_reset_password(self, signup_type="reset"):
        if self._spar_persons(self.ids):
            raise UserError(self._spar_no_key())
        return super()._action_reset_password(signup_type=signup_type)

    @api.model
    def auth_oauth(self, provider, params):
        """Log in as Odoo does, but at no provider for beneficiaries.

        That way knows neither codes nor signatures, and asks nobody whether a
        provider is allowed.
        """
        # Nobody is logged in yet.
        provider_sudo = self.env["auth.oauth.provider"].sudo().browse(provider)
        if provider_sudo.exists().spar_is_portal:
            raise AccessDenied()
        return super().auth_oauth(provider, params)

    def _inverse_notification_type(self):
        """Write the group of notices of no portal user who has not got it.

        Each person's first login makes a user, and for each new user Odoo writes that
        the group is not theirs. A write of groups empties the memory of every worker:
        whoever comes next waits until all that was in it is read again.
        """
        group = self.env.ref("mail.group_mail_notification_type_inbox")
        changed = self.filtered(
            lambda user: (
                not user.share
                or user.notification_type == "inbox"
                or group in user.group_ids
            )
        )
        if not changed:
            return None
        return super(ResUsers, changed)._inverse_notification_type()

    @api.constrains("group_ids")
    def _check_spar_groups(self):
        """A beneficiary's user never becomes one of staff."""
        persons = self._spar_persons(self.ids)
        if any(not user.share for user in self if user.id in persons):
            raise ValidationError(
                self.env._(
                    "This user stands for a beneficiary and cannot become one of staff:"
                    " create another user."
                )
            )

    def _spar_persons(self, user_ids):
        """Return those of some users that stand for a beneficiary.

        :param user_ids: an id, or several
        :rtype: set[int]
        """
        ids = [user_ids] if isinstance(user_ids, int) else user_ids
        return self.env["g2p.spar.identity"]._is_user(ids)

    def _spar_no_key(self):
        return self.env._(
            "This user stands for a beneficiary, who logs in with the national ID:"
            " there is no password and no other way in."
        )
