"""The JSON Schema of the whole file, for editors that complete and check it."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from warroom.config.actions_settings import KINDS as ACTIONS
from warroom.config.file import FileSettings
from warroom.config.kinds import Kinds
from warroom.config.receivers_settings import KINDS as RECEIVERS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _AsWritten(GenerateJsonSchema):
    """Gives defaults as the file writes them: "5s", not 5.0, which the file must not say."""

    ignored_warning_kinds = {"non-serializable-default"}

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        written = schema["cls"].model_construct().model_dump(mode="json", exclude_none=True)
        for name, option in made.get("properties", {}).items():
            option.pop("default", None)
            if name in written:
                option["default"] = written[name]
        return made


def schema(kinds: Kinds) -> dict[str, Any]:
    """The schema; ``sources.NAME`` is one of ``kinds``, told apart by ``kind``, and
    ``receivers.NAME`` and ``actions.NAME`` one of theirs. A broken kind is left out."""
    sources: dict[str, type[BaseModel]] = {
        name: kind.Settings for name, kind in kinds.items() if not isinstance(kind, Exception)
    }
    models = (*sources.values(), *RECEIVERS.values(), *ACTIONS.values())
    parts, found = models_json_schema(
        [(FileSettings, "validation"), *((model, "validation") for model in models)],
        schema_generator=_AsWritten,
    )
    definitions = found.get("$defs", {})
    whole = definitions.pop(FileSettings.__name__)
    for section, those in (("sources", sources), ("receivers", RECEIVERS), ("actions", ACTIONS)):
        references = {name: parts[model, "validation"]["$ref"] for name, model in those.items()}
        for name, reference in references.items():
            definition = definitions[reference.rpartition("/")[2]]
            definition["properties"]["kind"] |= {"const": name}
        whole["properties"][section]["additionalProperties"] = {
            "type": "object",
            "required": ["kind"],
            "discriminator": {"propertyName": "kind", "mapping": references},
            "oneOf": [{"$ref": reference} for reference in references.values()],
        }
        whole["properties"][section]["propertyNames"] = {"pattern": "^[a-z][a-z0-9_-]*$"}
    return {"$schema": DIALECT, **whole, "title": "warroom", "$defs": definitions}
