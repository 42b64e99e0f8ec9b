import io

from lxml import html
from PIL import Image

from odoo.http import Request, root
from odoo.tests import new_test_user

from odoo.addons.g2p_spar_portal.tests.login_common import LoginCase

from ..core.pairing import digest

HOME = "/spar/agent"
ID = "token:%s@nationalId"
NUMBER = "9876543210"


def picture(size=(800, 600), kind="JPEG", **options):
    """A picture as a camera makes it."""
    file = io.BytesIO()
    image = Image.radial_gradient("L").resize(size).convert("RGB")
    image.save(file, kind, **options)
    return file.getvalue()


def new_agent(env, name):
    """A field agent."""
    group = "g2p_spar_agent.group_agent"
    return new_test_user(env, f"spar_agent_{name}", groups=group)


def new_device(env, agent, token):
    """A device that keeps a secret."""
    return env["g2p.spar.agent.device"].create(
        {
            "name": f"Tablet of {agent.name}",
            "user_id": agent.id,
            "token_digest": digest("token", token),
        }
    )


class AgentCase(LoginCase):
    """An agent at a paired device, as a browser without scripts sees it.

    The login of a person is played as in ``LoginCase``: ``self.subject`` says who it
    is.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = new_agent(cls.env, "one")
        cls.other_agent = new_agent(cls.env, "two")
        cls.device = new_device(cls.env, cls.agent, "token-one")
        cls.other_device = new_device(cls.env, cls.other_agent, "token-two")
        cls.id_type = cls.env.ref("g2p_spar_fa_reference.g2p_spar_id_type_national_id")

    def sit_down(self, agent=None, device="token-one"):
        """Log an agent in, at a device."""
        agent = agent or self.agent
        self.authenticate(agent.login, agent.login)
        if device:
            self.opener.cookies["spar_device"] = device

    # === PAGES === #

    def page(self, path=HOME, status=200):
        """Open a page."""
        return self._read(self.url_open(path), status)

    def post(self, path, status=200, files=None, **values):
        """Send a form."""
        self.session = self.session_now()
        values["csrf_token"] = Request.csrf_token(self)
        return self._read(self.url_open(path, data=values, files=files), status)

    def _read(self, answer, status):
        self.assertEqual(answer.status_code, status, answer.text[-1500:])
        answer.document = html.fromstring(answer.content)
        answer.words = " ".join(answer.document.find("body").text_content().split())
        return answer

    def session_now(self):
        return root.session_store.get(self.opener.cookies["session_id"])

    def at(self, answer):
        """The last part of where the browser is."""
        return answer.url.partition("?")[0].rpartition("/")[2]

    # === STEPS === #

    def begin_capture(self, number="amina", name="", **values):
        """Type an ID. :return: the capture"""
        form = {"id_type": self.id_type.id, "number": number, "name": name, **values}
        answer = self.post(f"{HOME}/begin", **form)
        self.assertEqual(self.at(answer), "proof")
        return self.latest()

    def latest(self):
        """The newest capture."""
        self.env.invalidate_all()
        return self.env["g2p.spar.agent.capture"].search([], limit=1)

    def path(self, capture, step):
        """Address of a page of a capture."""
        return f"{HOME}/{capture.token}/{step}"

    def let_log_in(self, capture, subject="amina"):
        """Hand the device to somebody. :return: where the browser is then"""
        self.subject = subject
        self.session = self.session_now()
        form = {"csrf_token": Request.csrf_token(self), "provider": self.oidc.id}
        left = self.url_open(
            self.path(capture, "login"), data=form, allow_redirects=False
        )
        self.assertIn("https://id.example.org/", left.headers["Location"])
        number = len(self.began) - 1
        query = f"state=state-{number:016d}&code=c0de"
        return self._read(self.url_open(f"/spar/oidc/callback?{query}"), 200)

    def send_photo(self, capture, raw=None, status=200):
        """Send a photo."""
        content = picture() if raw is None else raw
        return self.post(
            self.path(capture, "photo"), status, files={"photo": ("x.jpg", content)}
        )

    def type_account(self, capture, number=NUMBER):
        """Choose the test bank and type a number twice. :return: the review page"""
        self.post(self.path(capture, "kind"), fa_type="TEST_ACCOUNT")
        self.post(self.path(capture, "provider"), code="testbank")
        self.post(self.path(capture, "branch"), code="indigo")
        return self.post(
            self.path(capture, "number"), part_number=number, again_number=number
        )

    def hand_in(self, capture, review, status=200, **values):
        """Press the button of the page on which the number is read back."""
        [seen] = review.document.xpath("//input[@name='seen']/@value")
        form = {"seen": seen, "agreed": "1", **values}
        return self.post(self.path(capture, "review"), status, **form)

    def capture_by_login(self, subject="amina", number=NUMBER):
        """The whole way with a login. :return: the capture"""
        capture = self.begin_capture(subject)
        self.let_log_in(capture, subject)
        self.hand_in(capture, self.type_account(capture, number))
        return self.latest()

    def capture_by_photo(self, subject="amina", number=NUMBER):
        """The whole way with a photo, up to the officer. :return: the capture"""
        capture = self.begin_capture(subject)
        self.send_photo(capture)
        self.hand_in(capture, self.type_account(capture, number))
        return self.latest()
