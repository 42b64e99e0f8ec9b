import csv
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import file_open

from ..core.commands import LinkItem, Origin, StepItem, UnlinkItem
from ..core.state import Step

_FILE = "g2p_spar_mapper/demo/g2p_spar_mapping_demo.csv"
#: An end that came already is none for a link: it comes when all is loaded.
_SOON = timedelta(seconds=10)
_SENDERS = {"api": "demo-pbms", "import": "Demonstration registry"}


class G2PSparMapperDemo(models.AbstractModel):
    """Links the people of the demonstration, as their channels would: by the service.

    Dates of links are the service's own; none is made up.
    """

    _name = "g2p.spar.mapper.demo"
    _description = "Demonstration mappings"

    @api.model
    def _load(self, path=_FILE):
        """Link all people of a demonstration file and do the steps it tells.

        :param str path: of the file, beginning with the name of its addon
        """
        with file_open(path) as stream:
            rows = list(csv.DictReader(stream))
        by_channel, by_step = defaultdict(list), []
        for row in rows:
            by_channel[row["channel"]].append(row)
            if row["step"]:
                by_step.append(row)
        for channel, linked in by_channel.items():
            self._service(channel).link(
                [_link_item(row) for row in linked],
                Origin(channel=channel, sender=_SENDERS.get(channel)),
            )
        for row in by_step:
            self._take_step(row)

    def _take_step(self, row):
        origin = Origin(channel="staff", reason=row["reason"])
        make = UnlinkItem if row["step"] == Step.UNLINK else StepItem
        step = getattr(self._service("staff"), row["step"])
        step([make("demo", row["id"])], origin)

    def _service(self, channel):
        """The service as the demonstration officer, or as the system."""
        service = self.env["g2p.spar.mapper"]
        if channel not in ("staff", "agent"):
            return service
        return service.with_user(self.env.ref("g2p_spar_mapper.user_demo_officer"))


def _link_item(row):
    until = fields.Datetime.to_datetime(row["valid_until"] or None)
    return LinkItem(
        row["id"][6:26],
        row["id"],
        row["fa"],
        name=row["name"],
        phone_number=row["phone"],
        valid_until=until and max(until, fields.Datetime.now() + _SOON),
    )
