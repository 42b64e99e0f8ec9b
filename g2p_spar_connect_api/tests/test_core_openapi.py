import jsonschema_rs

from odoo.tests import BaseCase, tagged

from odoo.addons.g2p_spar_mapper.core.reason import LEGACY_ANSWERS, Operation

from ..core.openapi import build_contract
from ..core.schema import load_schemas, validator
from .samples import content


def references(node):
    """All ``$ref`` in a document."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


@tagged("post_install", "-at_install")
class TestContract(BaseCase):
    def setUp(self):
        super().setUp()
        self.contract = build_contract("https://spar.example.org", "1")

    def test_schemas_are_schemas(self):
        for title, schema in load_schemas().items():
            with self.subTest(title):
                jsonschema_rs.meta.validate(schema)
                validator(title)

    def test_token_address_is_absolute(self):
        scheme = self.contract["components"]["securitySchemes"]["token"]

        self.assertEqual(
            scheme["flows"]["clientCredentials"]["tokenUrl"],
            "https://spar.example.org/spar/v1/oauth2/client/token",
        )

    def test_references_lead_somewhere(self):
        schemas = self.contract["components"]["schemas"]
        for reference in references(self.contract):
            with self.subTest(reference):
                self.assertIn(reference.removeprefix("#/components/schemas/"), schemas)

    def test_every_operation_has_both_addresses(self):
        for operation in Operation:
            for path in (
                f"/spar/v1/mapper/sync/{operation}",
                f"/spar/v1/sync/{operation}",
            ):
                with self.subTest(path):
                    verb = self.contract["paths"][path]["post"]
                    self.assertEqual(
                        verb["security"], [{"token": [f"mapper.{operation}"]}]
                    )
                    self.assertLessEqual(
                        {"200", "400", "401", "403", "429", "503"},
                        verb["responses"].keys(),
                    )

    def test_messages_that_are_worked_off_later(self):
        for operation in Operation:
            for path in (f"/spar/v1/mapper/{operation}", f"/spar/v1/async/{operation}"):
                verb = self.contract["paths"][path]["post"]
                [callback] = verb["callbacks"].values()
                [(address, called)] = callback.items()
                body = called["post"]["requestBody"]["content"]["application/json"]
                with self.subTest(path):
                    self.assertEqual(
                        verb["security"], [{"token": [f"mapper.{operation}"]}]
                    )
                    self.assertTrue(address.endswith(f"/on-{operation}"))
                    title = f"{operation.capitalize()}Response"
                    self.assertTrue(body["schema"]["$ref"].endswith(f"/{title}"))

    def test_files(self):
        for operation in Operation:
            verb = self.contract["paths"][f"/spar/v1/mapper/{operation}"]["post"]
            form = verb["requestBody"]["content"]["multipart/form-data"]["schema"]
            with self.subTest(operation):
                self.assertEqual(form["required"], ["action", "fileName"])
                self.assertEqual(form["properties"]["action"]["enum"], [operation])
        [path] = [path for path in self.contract["paths"] if "/files/" in path]
        answers = self.contract["paths"][path]["get"]["responses"]
        self.assertLessEqual({"200", "401", "403", "404", "409", "410"}, set(answers))

    def test_questions_about_statuses(self):
        for path in ("mapper", "async", "mapper/sync", "sync", "registry/sync"):
            verb = self.contract["paths"][f"/spar/v1/{path}/txn/status"]["post"]
            with self.subTest(path):
                self.assertEqual(verb["security"], [{"token": ["mapper.status"]}])

    def test_operation_names_are_unique(self):
        names = [
            verb["operationId"]
            for path in self.contract["paths"].values()
            for verb in path.values()
        ]

        self.assertEqual(len(names), len(set(names)))

    def test_samples_follow_the_schema(self):
        for operation in Operation:
            with self.subTest(operation):
                title = f"{operation.capitalize()}Request"
                self.assertTrue(validator(title).is_valid(content(operation)))
                self.assertFalse(validator(title).is_valid({}))

    def test_further_envelopes(self):
        """They are published, and answers in them are promised."""
        for operation in Operation:
            title = operation.capitalize()
            verb = self.contract["paths"][f"/spar/v1/sync/{operation}"]["post"]
            answer = verb["responses"]["200"]["content"]["application/json"]["schema"]
            with self.subTest(operation):
                for name in ("EncryptedRequest", f"OpenG2P{title}Request"):
                    self.assertIn(name, verb["description"])
                    self.assertIn(name, self.contract["components"]["schemas"])
                self.assertEqual(
                    [one["$ref"].rpartition("/")[2] for one in answer["anyOf"]],
                    [
                        f"{title}Response",
                        "EncryptedResponse",
                        f"OpenG2P{title}Response",
                    ],
                )

    def test_published_reason_codes_are_those_that_are_used(self):
        for operation in Operation:
            schema = load_schemas()[f"{operation.capitalize()}Result"]
            published = set(schema["properties"]["status_reason_code"]["enum"])
            used = {
                answer.code
                for (op, _c), answer in LEGACY_ANSWERS.items()
                if op == operation
            }
            with self.subTest(operation):
                self.assertLessEqual(used, published)
