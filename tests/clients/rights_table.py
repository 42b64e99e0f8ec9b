"""Who may do what over RPC: every model of ours, and every public method.

A table to be read by people. Whoever adds a model or a method adds its line here;
until then the tests of rights are red. Models are named without ``g2p.spar.``.
"""

#: The columns. All other users (API, portal, plain staff) may nothing.
STAFF = ("viewer", "officer", "manager", "admin", "auditor", "agent")

#: (r)ead, (c)reate, (w)rite, (u)nlink. Nobody writes tables that the service writes.
_OPERATIONS = """
agent.capture             -      r       r       r     r       r
agent.device              -      r       rcw     rcw   r       -
agent.refusal             -      rcwu    rcwu    rcwu  -       -
alert                     -      rw      rw      rw    r       -
alert.rule                -      r       rcwu    rcwu  r       -
branch                    r      r       rcwu    rcwu  r       -
change.policy             r      r       r       rcwu  r       -
change.policy.test        -      rcw     rcw     rcw   -       -
consent                   -      -       r       r     r       -
contact                   r      r       r       r     r       -
data.request              -      rc      rc      rc    r       -
delivery                  -      -       -       r     r       -
delivery.attempt          -      -       -       r     r       -
export                    -      rc      rc      rc    rc      -
fa.part                   r      r       rcwu    rcwu  r       -
fa.type                   r      r       rcwu    rcwu  r       -
failure.report            r      r       r       r     r       -
file                      -      -       -       r     r       -
id.type                   r      r       rcwu    rcwu  r       -
identity                  -      -       -       r     -       -
intake                    -      -       r       r     r       -
intake.column             -      -       rw      rw    r       -
intake.constant           -      -       rcwu    rcwu  r       -
intake.preview            -      -       rcw     rcw   -       -
intake.preview.line       -      -       rcw     rcw   -       -
issuer                    -      -       -       rcwu  r       -
mapping                   r      r       r       r     r       -
mapping.change            -      rcw     rcw     rcw   -       -
mapping.change.part       -      rcwu    rcwu    rcwu  -       -
mapping.import            -      -       rcw     rcw   -       -
mapping.version           r      r       r       r     r       -
message                   -      -       -       r     r       -
name.service              -      -       -       rcwu  r       -
notice                    r      r       r       r     r       -
notice.reading            -      -       -       r     -       -
oidc.event                -      -       r       r     r       -
oidc.key                  -      -       -       rcwu  -       -
outgoing.address          -      -       -       rcwu  r       -
own.key                   -      -       -       r     r       -
partner.key               -      -       -       rcwu  r       -
partner.key.add           -      -       -       rcw   -       -
payment.date              -      r       rcwu    rcwu  r       -
pending.change            r      r       r       r     r       -
provider                  r      r       rcwu    rcwu  r       -
provider.kind             r      r       rcwu    rcwu  r       -
provider.test             -      -       -       rcw   -       -
provider.test.line        -      -       -       rcwu  -       -
purpose                   -      -       -       rcwu  r       -
reference.import          -      -       rcwu    rcwu  -       -
reference.import.problem  -      -       rcwu    rcwu  -       -
reminder                  -      r       r       r     r       -
remote.mapper             -      -       -       rcwu  r       -
retention.rule            -      -       -       rcwu  r       -
retention.run             -      -       -       r     r       -
sender                    -      -       -       rcwu  r       -
sender.probe              -      -       -       rcw   -       -
sender.probe.line         -      -       -       rcw   -       -
sender.secret             -      -       -       r     r       -
sender.secret.show        -      -       -       rc    -       -
strategy                  r      r       rcwu    rcwu  r       -
tally                     r      r       r       r     r       -
tally.address             r      r       r       r     r       -
tally.cell                r      r       r       r     r       -
tally.change              r      r       r       r     r       -
tally.check               r      r       r       r     r       -
tally.day                 r      r       r       r     r       -
tally.level               r      r       r       r     r       -
tally.total               r      r       r       r     r       -
usage                     -      -       -       r     r       -
verification              r      r       r       r     r       -
"""

#: Models without any right for anybody: services, mixins, and tables of the system.
_CLOSED = """
access agent.desk change change.draft change.form cipher connect consent.page
consent.request count.mixin dashboard facts.mixin fetched.keys.mixin file.intake
file.keeper file.mixin file.part file.part.mixin intake.memory intake.part login
mapper mapper.demo message.payload name.check oidc.client oidc.login outgoing
own.account own.account.step own.consent own.waiting page partner.console person
personal.data portal.settings post profile reference.mixin remote report
sandbox.mixin searchable.mixin signature signer status step.up throttle wake
"""

#: Who gets past the check of rights. Where it says anybody, all that a method does is
#: to say which screen or address opens next: what they tell has rights of its own.
_METHODS = """
agent.capture.action_approve            -      yes     yes     yes   -       -
agent.capture.action_open_refusal       -      yes     yes     yes   -       -
agent.device.action_pair                -      -       yes     yes   -       -
agent.refusal.action_refuse             -      yes     yes     yes   -       -
alert.action_close                      -      yes     yes     yes   -       -
alert.action_open_subject               -      yes     yes     yes   yes     -
alert.action_reopen                     -      yes     yes     yes   -       -
alert.action_take                       -      yes     yes     yes   -       -
alert.rule.action_look                  -      -       yes     yes   -       -
alert.rule.action_open_alerts           anybody
consent.action_withdraw                 -      -       yes     yes   -       -
count.mixin.get_counted_action          -      -       -       -     -       -
dashboard.count_now                     yes    yes     yes     yes   yes     -
dashboard.get_figures                   yes    yes     yes     yes   yes     -
data.request.action_download            anybody
data.request.action_erase               -      -       yes     yes   -       -
data.request.action_print               anybody
data.request.action_refuse              -      -       yes     yes   -       -
delivery.action_send_again              -      -       -       yes   -       -
export.action_download                  anybody
fetched.keys.mixin.action_fetch_keys    -      -       -       -     -       -
file.action_cancel                      -      -       -       yes   -       -
file.action_resume                      -      -       -       yes   -       -
intake.action_cancel                    -      -       yes     yes   -       -
intake.action_download_refused          anybody
intake.action_pause                     -      -       yes     yes   -       -
intake.action_preview                   -      -       yes     yes   -       -
intake.action_resume                    -      -       yes     yes   -       -
intake.action_run                       -      -       yes     yes   -       -
intake.action_try                       -      -       yes     yes   -       -
issuer.action_fetch_keys                -      -       -       yes   -       -
mapping.action_check_name               -      yes     yes     yes   -       -
mapping.action_hold                     anybody
mapping.action_link                     anybody
mapping.action_reinstate                anybody
mapping.action_release                  anybody
mapping.action_renew                    anybody
mapping.action_show_waiting             yes    yes     yes     yes   yes     -
mapping.action_suspend                  anybody
mapping.action_unlink                   anybody
mapping.action_update                   anybody
mapping.change.action_apply             -      yes     yes     yes   -       -
mapping.import.action_import            -      -       yes     yes   -       -
mapping.version.action_rollback         yes    yes     yes     yes   yes     -
message.action_work_off_again           -      -       -       yes   -       -
notice.action_send_again                -      yes     yes     yes   -       -
oidc.key.action_retire                  -      -       -       yes   -       -
oidc.key.action_use                     -      -       -       yes   -       -
own.key.action_rotate                   -      -       -       yes   -       -
partner.key.add.action_add              -      -       -       yes   -       -
pending.change.action_apply             yes    yes     yes     yes   yes     -
pending.change.action_dispute           yes    yes     yes     yes   yes     -
pending.change.action_withdraw          yes    yes     yes     yes   yes     -
provider.action_view_branches           anybody
provider.test.action_again              -      -       -       yes   -       -
reference.import.action_back            -      -       yes     yes   -       -
reference.import.action_check           -      -       yes     yes   -       -
reference.import.action_import          -      -       yes     yes   -       -
remote.mapper.action_test_connection    -      -       -       yes   -       -
retention.rule.action_purge             -      -       -       yes   -       -
sender.action_empty_sandbox             -      -       -       yes   -       -
sender.action_fetch_keys                -      -       -       yes   -       -
sender.action_make_twin                 -      -       -       yes   -       -
sender.action_new_secret                -      -       -       yes   -       -
sender.action_open_twin                 -      -       -       yes   yes     -
sender.action_open_usage                anybody
sender.action_revoke                    -      -       -       yes   -       -
sender.action_test_connection           -      -       -       yes   -       -
sender.action_view_consents             anybody
sender.action_view_deliveries           anybody
sender.action_view_files                anybody
sender.action_view_messages             anybody
sender.probe.action_again               -      -       -       yes   -       -
tally.address.action_open_mappings      yes    yes     yes     yes   yes     -
tally.cell.action_open_mappings         yes    yes     yes     yes   yes     -
tally.cell.get_counted_action           yes    yes     yes     yes   yes     -
tally.change.action_open_changes        yes    yes     yes     yes   yes     -
tally.change.get_counted_action         yes    yes     yes     yes   yes     -
tally.day.count_now                     yes    yes     yes     yes   yes     -
tally.get_counted_action                yes    yes     yes     yes   yes     -
"""


def _read(table: str) -> dict[str, list[str]]:
    lines = (line.split() for line in table.strip().splitlines())
    return {name: cells for name, *cells in lines}


def operations() -> dict[str, dict[str, str]]:
    """Operations by role, by full name of the model; no key: none."""
    found = {
        f"g2p.spar.{name}": {
            role: cell for role, cell in zip(STAFF, cells, strict=True) if cell != "-"
        }
        for name, cells in _read(_OPERATIONS).items()
    }
    return found | {f"g2p.spar.{name}": {} for name in _CLOSED.split()}


def methods() -> dict[str, set[str] | None]:
    """Roles by ``model.method``; None: anybody."""
    return {
        f"g2p.spar.{name}": None
        if cells == ["anybody"]
        else {role for role, cell in zip(STAFF, cells, strict=True) if cell == "yes"}
        for name, cells in _read(_METHODS).items()
    }
