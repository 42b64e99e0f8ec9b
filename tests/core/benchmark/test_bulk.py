"""The file that is uploaded is a form with a CSV file of the benchmark's rows."""

import csv
import io

import bulk
import rows
from werkzeug.formparser import parse_form_data


def test_the_upload_is_a_form_with_a_file(tmp_path):
    path = bulk.write_upload(tmp_path / "upload", "b1", 3, 7)
    with path.open("rb") as body:
        environ = {
            "wsgi.input": body,
            "CONTENT_LENGTH": str(path.stat().st_size),
            "CONTENT_TYPE": "multipart/form-data; boundary=b1",
            "REQUEST_METHOD": "POST",
        }
        _stream, form, files = parse_form_data(environ)
        text = files["fileName"].read().decode()

    assert form.to_dict() == {"action": "link", "fileFormat": "csv"}
    found = list(csv.DictReader(io.StringIO(text)))
    assert [one["id"] for one in found] == [rows.id_of(n) for n in (7, 8, 9)]
    assert found[0] == {
        "reference_id": "7",
        "id": rows.id_of(7),
        "fa": rows.fa_of(7),
        "name": rows.name_of(7),
        "phone_number": rows.phone_of(7),
    }
