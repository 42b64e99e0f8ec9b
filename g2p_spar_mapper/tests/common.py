from odoo.tests import TransactionCase, new_test_user

from ..core.commands import LinkItem, Origin, ResolveItem, StepItem, UnlinkItem

NATIONAL_ID = "token:%s@nationalId"
BANK_FA = "account:%s@indigo.testbank.testacc"
STAFF = Origin(channel="staff", reason="Asked for at the counter")


class MapperCase(TransactionCase):
    """Reference data of one bank, and short-hands for the service."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Policies of the database that is tested would have changes wait.
        cls.env["g2p.spar.change.policy"].search([]).active = False
        cls.kind = cls.env["g2p.spar.provider.kind"].create(
            {"name": "Test bank kind", "code": "test_bank"}
        )
        cls.fa_type = cls.env["g2p.spar.fa.type"].create(
            {
                "name": "Test account",
                "code": "TEST_ACCOUNT",
                "kind_id": cls.kind.id,
                "part_ids": [
                    (0, 0, {"sequence": number, **part})
                    for number, part in enumerate(_PARTS)
                ],
            }
        )
        cls.provider = cls.env["g2p.spar.provider"].create(
            {"name": "Test Bank", "code": "testbank", "kind_id": cls.kind.id}
        )
        cls.branch = cls.env["g2p.spar.branch"].create(
            {"name": "Indigo", "code": "indigo", "provider_id": cls.provider.id}
        )
        cls.strategy = cls.env["g2p.spar.strategy"].create(
            {
                "name": "Test account",
                "number": 9001,
                "fa_type_id": cls.fa_type.id,
                "template": "account:{number}@{branch}.{bank}.{type}",
            }
        )
        cls.api_user = new_test_user(
            cls.env, "spar_test_api", groups="g2p_spar_mapper.group_api"
        )
        cls.officer = cls._staff("officer")
        cls.manager = cls._staff("manager")
        cls.viewer = cls._staff("viewer")

    @classmethod
    def _staff(cls, role):
        return new_test_user(
            cls.env, f"spar_test_{role}", groups=f"g2p_spar_mapper.group_{role}"
        )

    def mapper(self, user=None):
        """The service, for a user; by default the API user."""
        return self.env["g2p.spar.mapper"].with_user(user or self.api_user)

    def mapping(self, name):
        """The mapping of a person of :meth:`link`."""
        return self.env["g2p.spar.mapping"].search(
            [("lookup_id", "=", NATIONAL_ID % name)]
        )

    def link(self, *names, user=None, origin=None, **values):
        """Link persons to accounts of their own. :return: outcomes"""
        items = [
            LinkItem(
                f"ref-{name}",
                NATIONAL_ID % name,
                **{"fa": BANK_FA % account_of(name)} | values,
            )
            for name in names
        ]
        return self.mapper(user).link(items, origin)

    def resolve(self, *names, user=None, **kw):
        """Resolve persons with details. :return: outcomes"""
        items = [
            ResolveItem(f"ref-{name}", NATIONAL_ID % name, None, True) for name in names
        ]
        return self.mapper(user).resolve(items, **kw)

    def step(self, method, *names, user=None, origin=STAFF, **values):
        """Take a step of staff. :return: outcomes"""
        items = [
            StepItem(f"ref-{name}", NATIONAL_ID % name, **values) for name in names
        ]
        return getattr(self.mapper(user or self.officer), method)(items, origin)

    def unlink_items(self, *names, fa=None):
        """Items that unlink persons."""
        return [UnlinkItem(f"ref-{name}", NATIONAL_ID % name, fa) for name in names]


_PARTS = (
    {
        "name": "number",
        "label": "Account number",
        "source": "typed",
        "check": "digits",
        "required": True,
        "sensitive": True,
    },
    {"name": "branch", "label": "Branch", "source": "branch"},
    {"name": "bank", "label": "Bank", "source": "provider", "required": True},
    {"name": "type", "label": "Type", "source": "constant", "constant": "testacc"},
)


def account_of(name):
    """An account number that differs from person to person."""
    return "".join(f"{ord(letter):03d}" for letter in name)
