"""Words which several rooms use."""

#: Where providers send people back to.
CALLBACK_PATH = "/spar/oidc/callback"
#: The type of credential of one login, see ``res.users``.
CREDENTIAL = "spar_oidc"
