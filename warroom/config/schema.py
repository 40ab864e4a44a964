"""The JSON Schema of the whole file, for editors that complete and check it."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from warroom.config.actions_settings import KINDS as ACTIONS
from warroom.config.checks_settings import KINDS as CHECKS
from warroom.config.file import FileSettings
from warroom.config.kinds import Kinds
from warroom.config.playbooks_settings import PlaybookSettings
from warroom.config.receivers_settings import KINDS as RECEIVERS

_NAMES = {"propertyNames": {"pattern": "^[a-z][a-z0-9_-]*$"}}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _AsWritten(GenerateJsonSchema):
    """Gives defaults as the file writes them: "5s", not 5.0, which the file must not say."""

    ignored_warning_kinds = {"non-serializable-default"}

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        written = (
            schema["cls"]
            .model_construct()
            .model_dump(mode="json", exclude_none=True, by_alias=True)
        )
        for name, option in made.get("properties", {}).items():
            option.pop("default", None)
            if name in written:
                option["default"] = written[name]
        return made

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """With the word of the values' type, which pydantic leaves out."""
        made = super().dict_schema(schema)
        word = str(self.generate_inner(schema.get("values_schema", {})).get("title", ""))
        if word.islower():
            made["additionalProperties"] = {"title": word, **made["additionalProperties"]}
        return made


def schema(kinds: Kinds) -> dict[str, Any]:
    """The schema; ``sources.NAME`` is one of ``kinds``, told apart by ``kind``, and
    ``receivers.NAME``, ``actions.NAME`` and ``checks.NAME`` one of theirs. A broken kind is left
    out."""
    sources: dict[str, type[BaseModel]] = {
        name: kind.Settings for name, kind in kinds.items() if not isinstance(kind, Exception)
    }
    by_kind: dict[str, Mapping[str, type[BaseModel]]] = {
        "sources": sources,
        "receivers": RECEIVERS,
        "actions": ACTIONS,
        "checks": CHECKS,
    }
    models: list[type[BaseModel]] = [FileSettings, PlaybookSettings]
    models += [model for those in by_kind.values() for model in those.values()]
    parts, found = models_json_schema(
        [(model, "validation") for model in models],
        schema_generator=_AsWritten,
    )
    definitions = found.get("$defs", {})
    whole = definitions.pop(FileSettings.__name__)
    for section, those in by_kind.items():
        references = {name: parts[model, "validation"]["$ref"] for name, model in those.items()}
        whole["properties"][section] |= _one_of(references, definitions)
    playbook = parts[PlaybookSettings, "validation"]
    definition = definitions[playbook["$ref"].rpartition("/")[2]]
    definition.pop("required", None)  # one that is built in has its title already
    whole["properties"]["playbooks"] |= {"additionalProperties": playbook, **_NAMES}
    return {"$schema": DIALECT, **whole, "title": "warroom", "$defs": definitions}


def _one_of(references: Mapping[str, str], definitions: dict[str, Any]) -> dict[str, Any]:
    """What stands under each name: one of these, told apart by its kind."""
    for name, reference in references.items():
        definition = definitions[reference.rpartition("/")[2]]
        definition["properties"]["kind"] |= {"const": name}
    one = {
        "type": "object",
        "required": ["kind"],
        "discriminator": {"propertyName": "kind", "mapping": dict(references)},
        "oneOf": [{"$ref": reference} for reference in references.values()],
    }
    return {"additionalProperties": one, **_NAMES}
