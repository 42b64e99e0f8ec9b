from odoo import fields
from odoo.http import root
from odoo.service.security import compute_session_token
from odoo.tests import HttpCase

from odoo.addons.g2p_spar_mapper.tests.common import MapperCase

from ..core.person import SESSION_KEY

CLAIMS = {
    "name": "Amina Otieno",
    "birthdate": "1987-11-25",
    "phone_number": "+254712345678",
    "email": "amina@example.org",
}
ACR = ("mosip:idp:acr:generated-code",)


class PortalCase(HttpCase, MapperCase):
    """Pages as a person sees them, without a login at a provider.

    :meth:`person` does by the models what the callback of a login does: it makes the
    identity and its user, and writes the facts of verified claims into a real
    session, which ``self.url_open`` and the browser then use. Reference data and the
    short-hands ``self.link("amina")``, ``self.mapping("amina")`` are those of
    ``MapperCase``: the person with the subject ``amina`` owns the ID that
    ``self.link("amina")`` links.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.oidc = cls.login_provider()

    @classmethod
    def login_provider(cls, **values):
        """Make a provider at which beneficiaries log in, with its client key."""
        provider = cls.env["auth.oauth.provider"].create(cls.provider_values(**values))
        # A key on a curve is made in no time.
        key = cls.env["g2p.spar.oidc.key"].create(
            {"provider_id": provider.id, "kind": "EC"}
        )
        key.action_use()
        provider.spar_enabled_for_portal = True
        return provider

    @classmethod
    def provider_values(cls, **values):
        """Values of a provider of beneficiaries that is not offered yet."""
        id_type = cls.env.ref("g2p_spar_fa_reference.g2p_spar_id_type_national_id")
        return {
            "name": "Test ID",
            "body": "Log in with Test ID",
            "client_id": "spar-test",
            "auth_endpoint": "https://id.example.org/authorize",
            "validation_endpoint": "https://id.example.org/userinfo",
            "enabled": False,
            "spar_is_portal": True,
            "spar_client_alg": "ES256",
            "spar_id_type_id": id_type.id,
            "spar_issuer": "https://id.example.org",
            "spar_token_endpoint": "https://id.example.org/token",
            "spar_jwks_url": "https://id.example.org/jwks.json",
            **values,
        }

    def person(self, subject="amina", claims=None, acr=ACR, at=None, provider=None):
        """Log a person in.

        :param subject: by what the provider knows the person
        :param claims: verified claims; :data:`CLAIMS` where none are given
        :param at: when the person proved the identity; UTC, naive; now
        :return: the person, as pages get it
        :rtype: Person
        """
        provider = provider or self.oidc
        identity = self.env["g2p.spar.identity"]._find_or_create(provider, subject)
        facts = self.env["g2p.spar.person"].session_facts(
            identity,
            CLAIMS if claims is None else claims,
            acr,
            at or fields.Datetime.now(),
        )
        self.authenticate(None, None, session_extra={SESSION_KEY: facts})
        self._open_session(identity.user_id)
        return self.env["g2p.spar.person"].current(self.session)

    def _open_session(self, user):
        """Make the session one of a user, as ``Session.finalize`` does.

        ``authenticate`` logs in with a password, which such a user has not.
        """
        self.cr.flush()
        session = self.session
        session.update(uid=user.id, login=user.login)
        session.session_token = compute_session_token(session, self.env(user=user))
        root.session_store.save(session)

    def approve(self, person, digest, acr=ACR, at=None):
        """Do what a login for a change does: answer what ``step.up.begin`` asked."""
        asked = self.env["g2p.spar.step.up"].search(
            [("identity_id", "=", person.identity_id), ("digest", "=", digest)]
        )
        asked.write(
            {"acr": " ".join(acr), "authenticated_at": at or fields.Datetime.now()}
        )

    def write_session(self, **values):
        """Change the facts of the session, as time or an attacker could."""
        session = root.session_store.get(self.session.sid)
        session[SESSION_KEY] = {**session[SESSION_KEY], **values}
        root.session_store.save(session)
        self.session = session
