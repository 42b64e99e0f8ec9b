"""An officer brings lists in at a browser, from the file to the mended rows.

Pictures are saved below the run folder (``blackbox/pictures``) to be looked at.
"""

import csv
import io
import re
from contextlib import closing

import openpyxl
import pytest
from playwright.sync_api import expect

from clients.desk import SIZES, Desk
from clients.lists import REASON, ListDesk, as_csv
from clients.running import wait_until
from clients.words import link_item, new_account, new_name, new_number, new_person

pytestmark = pytest.mark.usefixtures("quiet_log")

#: Enough for some seconds of work; a part of it is ten per cent.
MANY = 30_000


# === WHAT AN OFFICER DOES === #


def bring_in(desk: Desk, name: str, content: bytes) -> int:
    """Choose a file on the page for it. :return: id of its intake"""
    desk.page.goto(f"{desk.base_url}/odoo/spar-bring-in")
    desk.page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    desk.page.wait_for_selector(".o_form_view")
    return int(re.search(r"/(\d+)$", desk.page.url.partition("?")[0])[1])


def mean(desk: Desk, column: str, target: str) -> None:
    """Say what a column means."""
    row = desk.page.locator("[name=column_ids] .o_data_row", has_text=column)
    row.locator("td[name=target]").click()
    box = row.locator("td[name=target] input, td[name=target] select").first
    if box.evaluate("one => one.tagName") == "SELECT":
        box.select_option(label=target)
        return
    box.click()
    desk.page.locator(".o_select_menu_item", has_text=target).first.click()


def press(desk: Desk, label: str) -> None:
    """Press a button of the form, on a small screen in its menu."""
    if desk.narrow:
        menu = desk.page.locator(".o_statusbar_buttons .dropdown-toggle")
        if menu.count():
            menu.first.click()
    desk.press(label)


def confirm(desk: Desk) -> None:
    """Say yes to the question that came up."""
    modal = desk.page.locator(".modal")
    modal.locator(".btn-primary").click()
    modal.wait_for(state="detached")


def run(desk: Desk) -> None:
    """Press Run and wait for the end."""
    press(desk, "Run")
    confirm(desk)
    expect_state(desk, "Done")


def expect_state(desk: Desk, words: str) -> None:
    """Wait until the form, which nobody loads again, shows a state."""
    state = desk.page.locator(
        ".o_statusbar_status .o_arrow_button_current,"
        " .o_statusbar_status .dropdown-toggle"
    )
    expect(state.locator("visible=true").first).to_have_text(words, timeout=60_000)


def count(desk: Desk, name: str) -> int:
    """A number of the form."""
    return int(desk.field(name).first.inner_text().replace(",", ""))


def counts(desk: Desk) -> list[int]:
    """How many rows are done, wait and are refused."""
    return [count(desk, name) for name in ("done", "waiting", "refused")]


def download(desk: Desk, label: str) -> list[dict]:
    """Press a button that gives a list out. :return: its rows"""
    with desk.page.expect_download() as given:
        press(desk, label)
    text = given.value.path().read_bytes().decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


# === CSV === #


@SIZES
def test_csv_from_the_file_to_the_mended_rows(desk, spar, size):
    """Columns that nobody knows are matched; refused rows are mended and done."""
    known, good, bad = link_item(), link_item(), link_item()
    content = write(
        ["Whose", "Where to", "Called"],
        [known["id"], known["fa"], new_name()],
        [good["id"], good["fa"], new_name()],
        [bad["id"], "", new_name()],
        delimiter=";",
    )
    officer = desk("spar_manager", size)
    bring_in(officer, "march.csv", content)
    for column, target in (
        ("Whose", "ID of the person"),
        ("Where to", "Financial address, whole"),
        ("Called", "Name"),
    ):
        mean(officer, column, target)
    officer.picture("intake-columns")
    assert officer.fits()

    press(officer, "Look at the First Rows")
    modal = officer.page.locator(".modal")
    lines = modal.locator(".o_data_row")
    expect(lines).to_have_count(3)
    expect(lines.nth(0)).to_contain_text("Done.")
    expect(lines.nth(2)).to_contain_text("The address cannot be paid")
    officer.picture("intake-preview")
    modal.get_by_role("button", name="Close").last.click()
    modal.wait_for(state="detached")
    assert not spar.history(good["id"])

    press(officer, "Try All Rows")
    expect_state(officer, "Tried")
    assert counts(officer) == [2, 0, 1]
    assert not spar.history(good["id"])
    officer.picture("intake-tried")

    run(officer)
    assert counts(officer) == [2, 0, 1]
    [version] = spar.history(good["id"])
    assert (version["channel"], version["step"]) == ("import", "link")
    officer.picture("intake-done")

    [row] = download(officer, "Download the Refused Rows")
    assert row["Whose"] == bad["id"]
    assert row[REASON].startswith("The address cannot be paid")
    mended = write(list(row), [row["Whose"], bad["fa"], row["Called"], row[REASON]])
    bring_in(officer, "march-mended.csv", mended)
    run(officer)
    assert count(officer, "done") == 1
    assert len(spar.history(bad["id"])) == 1

    bring_in(officer, "march-again.csv", content)
    expect(officer.page.get_by_text("worked off already")).to_be_visible()
    assert officer.page.get_by_role("button", name="Run", exact=True).count() == 0
    officer.picture("intake-again")


def write(names: list[str], *rows: list[str], delimiter: str = ",") -> bytes:
    """A CSV file as a spreadsheet writes it, with the mark of UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([names, *rows])
    return text.getvalue().encode("utf-8-sig")


# === XLSX === #


def test_workbook_with_what_spreadsheets_do_to_numbers(desk, spar):
    """Text is taken; a formula and a number that lost its digits are not."""
    good = link_item()
    book = openpyxl.Workbook()
    for row in (
        ["ID", "FA", "Valid until"],
        [good["id"], good["fa"], "31/12/2030"],
        [1234567890123456789, new_account(), ""],
        [new_person(), "=A1", ""],
    ):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    officer = desk("spar_manager")
    bring_in(officer, "enrolment.xlsx", stream.getvalue())
    run(officer)
    assert [count(officer, name) for name in ("done", "refused")] == [1, 2]
    lost, formula = download(officer, "Download the Refused Rows")
    assert "last digits were lost" in lost[REASON]
    assert "FA is a formula" in formula[REASON]
    assert spar.mapping(good["id"])["valid_until"].year in (2030, 2031)


def test_list_of_the_admin_scripts_as_it_is(desk, spar):
    """Its columns are known, and a keyed token stands for the national ID."""
    national, number = new_number(), new_number()
    content = write(
        ["National ID", "Account number", "Name", "Phone"],
        [national, number, new_name(), "+254712345678"],
    )
    officer = desk("spar_manager")
    intake = bring_in(officer, "beneficiaries.csv", content)
    expect(officer.page.get_by_label("recommended")).to_be_checked()
    officer.picture("intake-scripts")
    officer.page.get_by_role("tab", name="Same in All Rows").click()
    for part, value in (("Bank", "dfsp1"), ("Branch", "indigo")):
        fix(officer, part, value)
    run(officer)
    assert count(officer, "done") == 1
    [row] = spar.rows(
        "SELECT m.id_value, m.fa_value FROM g2p_spar_mapping m"
        " JOIN g2p_spar_mapping_version v ON v.mapping_id = m.id"
        " WHERE v.transaction_id = %s",
        f"intake-{intake}",
    )
    assert row["fa_value"] == f"account:{number}@indigo.dfsp1.bank_acc"
    assert row["id_value"].endswith("@nationalId")
    assert national not in row["id_value"]


def fix(desk: Desk, part: str, value: str) -> None:
    """Fix a part of the address for all rows."""
    page = desk.page
    page.locator("[name=constant_ids] .o_field_x2many_list_row_add a").click()
    row = page.locator("[name=constant_ids] .o_selected_row")
    row.locator("[name=part_id] input").fill(part)
    page.locator(".o-autocomplete--dropdown-item", has_text=part).first.click()
    row.locator("[name=value] input").fill(value)


# === WHILE IT RUNS === #


HELD_UP = """
    SELECT 1 FROM pg_locks WHERE NOT granted
    AND relation = 'g2p_spar_mapping_version'::regclass
"""


@pytest.fixture
def in_the_middle(desk, spar):
    """Factory of lists that stand in the middle of their work, as long as wanted.

    :return: function -> (window, lock that holds the work, id)
    """
    locks = []

    def begin():
        officer = desk("spar_manager")
        content = as_csv([link_item() for _ in range(MANY)])
        intake = bring_in(officer, "many.csv", content)
        press(officer, "Run")
        confirm(officer)
        wait_until(lambda: worked(spar, intake)["completed"], "a part is done")
        locks.append(spar.connect())
        locks[-1].cursor().execute("LOCK TABLE g2p_spar_mapping_version IN SHARE MODE")
        wait_until(lambda: spar.rows(HELD_UP), "the next part is held up")
        return officer, locks[-1], intake

    yield begin
    for lock in locks:
        with closing(lock):
            lock.rollback()


def worked(spar, intake: int) -> dict:
    """How far a list is."""
    [row] = spar.rows(
        "SELECT state, completed FROM g2p_spar_intake WHERE id = %s", intake
    )
    return row


def test_progress_is_seen_and_paused_and_gone_on_with(in_the_middle, spar):
    officer, lock, intake = in_the_middle()
    stands_at = worked(spar, intake)["completed"]
    assert 0 < stands_at < MANY
    expect(officer.field("completed").first).to_have_text(f"{stands_at:,}")
    expect(officer.field("progress").first).to_contain_text(
        f"{100 * stands_at // MANY}"
    )
    officer.picture("intake-running")

    press(officer, "Pause")
    lock.rollback()
    expect_state(officer, "Paused")
    at = worked(spar, intake)["completed"]
    assert stands_at < at < MANY
    officer.picture("intake-paused")

    press(officer, "Go On")
    expect_state(officer, "Done")
    assert count(officer, "done") == MANY


def test_cancelled_rows_that_were_done_stay_done(in_the_middle, spar):
    officer, lock, intake = in_the_middle()
    press(officer, "Cancel")
    # The question stays until the part at hand has ended.
    officer.page.locator(".modal .btn-primary").click()
    lock.rollback()
    expect_state(officer, "Cancelled")
    done = worked(spar, intake)["completed"]
    assert 0 < done < MANY
    [made] = spar.rows(
        "SELECT count(*) FROM g2p_spar_mapping_version WHERE transaction_id = %s",
        f"intake-{intake}",
    )
    assert made["count"] == done


# === WHO MAY NOT === #


def test_auditor_sees_lists_and_no_button(desk, login):
    owner = ListDesk(login("spar_manager"))
    intake = owner.upload(as_csv([link_item()]))
    auditor = desk("spar_auditor")
    auditor.page.goto(f"{auditor.base_url}/odoo/spar-intakes/{intake}")
    auditor.page.wait_for_selector(".o_form_view")
    for label in ("Run", "Try All Rows", "Look at the First Rows", "Cancel"):
        assert not auditor.page.get_by_role("button", name=label, exact=True).count()
