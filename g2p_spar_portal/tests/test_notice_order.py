from contextlib import ExitStack
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged

from odoo.addons.g2p_spar_mapper.core.commands import LinkItem

from .at_once_common import transaction

NAMES = ("order-early", "order-late")
PHONES = {"order-early": "+254712345601", "order-late": "+254712345602"}


@tagged("post_install", "-at_install")
class TestNoticeOrder(BaseCase):
    """Changes that commit in another order than they are numbered.

    Transactions of their own, as in life; what they leave is removed again.
    """

    def setUp(self):
        super().setUp()
        self.cursors = ExitStack()
        self.addCleanup(self.remove_all)
        self.addCleanup(self.cursors.close)
        with transaction() as env:
            env.cr.execute(
                "SELECT floor_id FROM g2p_spar_notice_reading WHERE source = 'change'"
            )
            [self.floor] = env.cr.fetchone()

    def open(self):
        """A transaction that stays open until it is committed."""
        cr = self.cursors.enter_context(db_connect(get_db_name()).cursor())
        return api.Environment(cr, SUPERUSER_ID, {})

    def link(self, env, name):
        item = LinkItem(
            name,
            f"token:{name}@nationalId",
            "account:12345678@order.bank",
            phone_number=PHONES[name],
        )
        [outcome] = env["g2p.spar.mapper"].link([item])
        self.assertTrue(outcome.succeeded, outcome)

    def read(self):
        """Read the history as the scheduled action does; send nothing."""
        with transaction() as env:
            post = type(env["g2p.spar.post"])
            with patch.object(post, "_send_notices", lambda *_args: None):
                env["g2p.spar.notice.reading"]._read(lambda: True)

    def told(self):
        with transaction() as env:
            env.cr.execute(
                "SELECT value FROM g2p_spar_notice WHERE value = ANY(%s) ORDER BY id",
                [list(PHONES.values())],
            )
            return [row[0] for row in env.cr.fetchall()]

    def floor_and_newest(self):
        with transaction() as env:
            env.cr.execute(
                "SELECT floor_id, (SELECT max(id) FROM g2p_spar_mapping_version)"
                " FROM g2p_spar_notice_reading WHERE source = 'change'"
            )
            return env.cr.fetchone()

    def remove_all(self):
        with transaction() as env:
            env.cr.execute(
                """
                DELETE FROM g2p_spar_notice WHERE value = ANY(%(phones)s);
                ALTER TABLE g2p_spar_mapping_version DISABLE TRIGGER USER;
                DELETE FROM g2p_spar_mapping_version v USING g2p_spar_mapping m
                    WHERE m.id = v.mapping_id AND m.phone = ANY(%(phones)s);
                DELETE FROM g2p_spar_mapping WHERE phone = ANY(%(phones)s);
                ALTER TABLE g2p_spar_mapping_version ENABLE TRIGGER USER;
                UPDATE g2p_spar_notice_reading SET floor_id = %(floor)s,
                    checkpoint_id = NULL, checkpoint_number = NULL
                    WHERE source = 'change'
                """,
                {"phones": list(PHONES.values()), "floor": self.floor},
            )

    def test_a_change_that_commits_late_is_told_too(self):
        early, late = NAMES
        slow = self.open()
        self.link(slow, early)
        with transaction() as env:
            self.link(env, late)
        for _reading in range(3):
            self.read()
            self.assertEqual(self.told(), [PHONES[late]])
        slow.cr.commit()
        self.read()
        self.assertEqual(self.told(), [PHONES[late], PHONES[early]])

    def test_the_floor_follows_when_nobody_is_writing(self):
        with transaction() as env:
            self.link(env, NAMES[0])
        before, newest = self.floor_and_newest()
        self.assertLess(before, newest)
        self.read()
        self.read()
        self.assertEqual(self.floor_and_newest(), (newest, newest))

    def test_a_reading_that_dies_tells_everything_once(self):
        with transaction() as env:
            self.link(env, NAMES[0])
        dying = self.open()
        post = type(dying["g2p.spar.post"])
        with patch.object(post, "_send_notices", lambda *_args: None):
            dying["g2p.spar.notice.reading"]._read(lambda: True)
        dying.cr.rollback()
        self.assertEqual(self.told(), [])
        self.read()
        self.read()
        self.assertEqual(self.told(), [PHONES[NAMES[0]]])
