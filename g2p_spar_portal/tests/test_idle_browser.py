from odoo.tests import tagged

from .pages_common import HOME, PagesCase

#: Nine and a half minutes pass in the browser, and nobody touches the page.
_LEAVE_ALONE = """
const real = Date.now;
Date.now = () => real() + 570000;
const dialog = document.getElementById("idle");
const until = async (what, ready) => {
    for (let tries = 0; tries < 100 && !ready(); tries++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    if (!ready()) {
        throw new Error(what);
    }
};
"""
_STAY = (
    _LEAVE_ALONE
    + """
(async () => {
    await until("the warning comes", () => dialog.open);
    await until("the button has the focus", () =>
        document.activeElement.id === "idle-stay");
    await until("it counts down", () =>
        Number(document.getElementById("idle-left").textContent) < 31);
    document.getElementById("idle-stay").click();
    await until("the warning goes", () => !dialog.open);
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""
)
_NOT_YET = """
const dialog = document.getElementById("idle");
setTimeout(() => {
    if (dialog.open) {
        console.error("the warning came too early");
    } else {
        console.log("test successful");
    }
}, 1500);
"""


@tagged("post_install", "-at_install")
class TestIdleBrowser(PagesCase):
    """The warning before a session ends, in a real browser."""

    def run_in_browser(self, script):
        """Run a script on the overview of a person who is logged in."""
        self.person("amina")
        # browser_js ends the session of the test; the browser goes on with it.
        session, self.session = self.session, None
        self.browser_js(
            HOME,
            script,
            "document.readyState === 'complete'",
            cookies={"session_id": session.sid},
        )

    def test_the_person_is_warned_and_can_stay(self):
        self.run_in_browser(_STAY)

    def test_nobody_is_warned_who_has_just_come(self):
        self.run_in_browser(_NOT_YET)

    def test_without_scripts_the_page_ends_by_itself(self):
        self.env["ir.config_parameter"].set_param("g2p_spar_portal.idle_minutes", "7")
        self.person("amina")
        page = self.get()
        [refresh] = page.doc.xpath("//noscript/meta[@http-equiv='refresh']/@content")
        self.assertEqual(refresh, "420;url=/spar/ended")
        self.assertIn("logged out after 7 minutes", " ".join(page.text.split()))
