"""Login providers of the portal, as an administrator enters them."""

import json

from .esignet import MockEsignet
from .staff import Staff

MODEL = "auth.oauth.provider"
PROFILE = "g2p_spar_portal.provider_esignet_{}"
#: What the profiles hold where the address of a provider belongs.
EXAMPLE = "https://esignet.example.org"
CALLBACK = "/spar/oidc/callback"
RELYING_PARTY = "openg2p-auth-partner"


class Providers:
    """What the administrator does with providers; all of them are taken away again.

    :param Staff admin: who may
    :param MockEsignet esignet: where they lead
    :param base_url: address of the portal
    """

    def __init__(self, admin: Staff, esignet: MockEsignet, base_url: str):
        self.admin, self.esignet, self.base_url = admin, esignet, base_url
        self.made: list[int] = []

    def like_release(self, release: str, **values) -> int:
        """Fill a profile that the portal brings in, with the mock's addresses.

        :param release: such as ``1.6``
        :param values: of other fields
        :return: record id
        """
        self.esignet.release(release)
        return self.at(self.esignet.url, release, **values)

    def at(self, url: str, release: str, **values) -> int:
        """Fill a profile with the addresses of any provider.

        :param url: its address, without a trailing slash
        """
        [profile] = self._read_profile(release)
        filled = {
            name: value.replace(EXAMPLE, url)
            for name, value in profile.items()
            if isinstance(value, str) and EXAMPLE in value
        }
        return self._copy(profile["id"], filled | values)

    def with_key(self, provider: int, client_id: str, purpose: str = "sign") -> dict:
        """Make a key and put it in use; a provider at which it signs is offered.

        :return: the public key, to be registered
        """
        values = {"provider_id": provider, "purpose": purpose}
        [key] = self.admin.call("g2p.spar.oidc.key", "create", [values])
        self.admin.call("g2p.spar.oidc.key", "action_use", [key])
        if purpose == "sign":
            self.write(provider, spar_enabled_for_portal=True)
        [read] = self.admin.call("g2p.spar.oidc.key", "read", [key], ["public_jwk"])
        return read["public_jwk"]

    def register(self, provider: int, release: str, **values) -> None:
        """Register the portal as the client of a provider record."""
        [read] = self.admin.call(MODEL, "read", [provider], ["client_id"])
        public_key = self.with_key(provider, read["client_id"])
        self.esignet.register(
            read["client_id"],
            public_key=public_key,
            redirect_uris=[self.base_url + CALLBACK],
            relying_party_id=RELYING_PARTY,
            release=release,
            **values,
        )

    def write(self, provider: int, **values) -> None:
        """Change a record."""
        self.admin.call(MODEL, "write", [provider], values)

    def close(self) -> None:
        """Offer none of those made here any more."""
        for provider in self.made:
            self.write(provider, spar_enabled_for_portal=False)

    def _read_profile(self, release: str) -> list[dict]:
        name = PROFILE.format(release.replace(".", "_"))
        module, _, record = name.partition(".")
        domain = [("module", "=", module), ("name", "=", record)]
        [data] = self.admin.call("ir.model.data", "search_read", domain, ["res_id"])
        fields = self.admin.call(MODEL, "fields_get", [], ["type"])
        texts = [n for n, f in fields.items() if f["type"] in ("char", "text")]
        return self.admin.call(MODEL, "read", [data["res_id"]], texts)

    def _copy(self, profile: int, values: dict) -> int:
        client_id = f"portal-{len(self.made)}-{profile}"
        values = {"client_id": client_id} | values
        copied = self.admin.call(MODEL, "copy", [profile], values)
        [made] = copied if isinstance(copied, list) else [copied]
        self.made.append(made)
        return made


def claims_of(**wishes) -> str:
    """The claims parameter."""
    return json.dumps({"userinfo": wishes})
