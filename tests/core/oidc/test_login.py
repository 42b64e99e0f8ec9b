"""Logins at each release of eSignet, from beginning to end."""

import pytest


@pytest.mark.parametrize("release", ["1.5", "1.6", "1.7", "1.8"])
def test_each_release(make_portal, release):
    verified = make_portal(release).log_in()
    assert verified.claims["name"] == "Amina Yusuf"
    assert verified.claims["birthdate"] == "1991-04-12"
    assert verified.claims["sub"] == verified.subject
    assert verified.acr == ("mosip:idp:acr:generated-code",)
