"""What the page of the interface for programs says: every path, what it takes, what it answers.

In: the OpenAPI description (3.1) and who reads. Out: a value for the page. Knows no path: what is
in the description is on the page, in the language of the description.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from pharos.serve.language import Language
from pharos.serve.policy import Sight
from pharos.words.home import HomeSettings

#: A description, or a part of it, as OpenAPI 3.1 has it.
Part = Mapping[str, Any]
_SHAPES = "#/components/schemas/"


def view(described: Part, home: HomeSettings, language: Language, sight: Sight) -> dict[str, Any]:
    """Everything that the page says to somebody: the paths that are open to him."""
    operations = [one for one in _operations(described) if _is_open(one, sight)]
    shapes = described["components"]["schemas"]
    told = _reached(shapes, (one["shape"] for of in operations for one in of["answers"]))
    operations.sort(key=lambda one: list(language.words["interface_groups"]).index(one["group"]))
    groups = groupby(operations, key=lambda one: str(one["group"]))
    return {
        "rehearsed": home.rehearsed,
        "title": language.say("interface.title"),
        "groups": [
            {"name": language.words["interface_groups"][name], "operations": list(those)}
            for name, those in groups
        ],
        "shapes": [
            {"name": name, "about": shape.get("description", ""), "fields": list(_fields(shape))}
            for name, shape in sorted(shapes.items())
            if name in told
        ],
    }


def _reached(shapes: Part, names: Iterable[str]) -> set[str]:
    """The shapes that answers name, and those that these are made of."""
    reached: set[str] = set()
    left = {name for name in names if name}
    while left:
        reached |= left
        inside = (one["shape"] for name in left for one in _fields(shapes[name]))
        left = {name for name in inside if name} - reached
    return reached


def _is_open(operation: Part, sight: Sight) -> bool:
    if operation["method"] != "GET":
        return not sight.is_anonymous
    return sight.offers(operation["path"])


def _operations(described: Part) -> Iterator[dict[str, Any]]:
    for path, methods in described["paths"].items():
        for method, said in methods.items():
            parameters = said.get("parameters", [])
            # Hands need something of one's own home, which no description knows.
            can_try = method == "get" and "hands" not in said["tags"]
            yield {
                "id": said["operationId"],
                "group": said["tags"][0],
                "method": method.upper(),
                "path": path,
                "try": _address(path, parameters) if can_try else "",
                "summary": said["summary"],
                "about": said["description"],
                "parameters": [_parameter(one) for one in sorted(parameters, key=_comes_later)],
                "takes": list(_taken(said)),
                "answers": [
                    {"status": status, "about": one["description"], "shape": _answered(one)}
                    for status, one in said["responses"].items()
                ],
            }


def _address(path: str, parameters: list[Any]) -> str:
    """An address that can be opened, where the description knows enough to write one."""
    words = []
    for one in parameters:
        if one.get("required"):
            if not (example := _example(one)) or one["in"] != "query":
                return ""
            words.append((one["name"], example))
    return f"{path}?{urlencode(words)}" if words else path


def _example(parameter: Part) -> str:
    """What may be said for a parameter; of a list its first value, empty if nothing is known."""
    examples = parameter["schema"].get("examples") or parameter.get("examples") or [""]
    first = examples[0]
    return str(first[0] if isinstance(first, list) and first else first)


def _comes_later(parameter: Part) -> bool:
    """What has to be said stands first."""
    return not parameter.get("required")


def _parameter(said: Part) -> dict[str, Any]:
    schema = said["schema"]
    standard = schema.get("default")
    return {
        "name": said["name"],
        "kind": kind_of(schema),
        "required": said.get("required", False),
        "standard": "" if standard in (None, "", []) else str(standard),
        "example": _example(said),
        "about": said["description"],
        "words": _words(schema),
    }


def _taken(said: Part) -> Iterator[dict[str, str]]:
    for media, one in said.get("requestBody", {}).get("content", {}).items():
        yield {"media": media, "example": str(one.get("example", ""))}


def _answered(said: Part) -> str:
    """The name of the shape of an answer; empty where it has no body."""
    shapes = [_shape(one["schema"]) for one in said.get("content", {}).values() if "schema" in one]
    return next((name for name in shapes if name), "")


def _shape(schema: Part) -> str:
    return str(schema.get("$ref", "")).removeprefix(_SHAPES)


def _fields(shape: Part) -> Iterator[dict[str, Any]]:
    for name, schema in shape.get("properties", {}).items():
        yield {
            "name": name,
            "kind": kind_of(schema),
            "shape": next(filter(None, map(_shape, _within(schema))), ""),
            "about": schema.get("description", ""),
            "words": _words(schema),
        }


def kind_of(schema: Part) -> str:
    """What a value is, in JSON Schema's own words: ``list of string``, ``integer or null``."""
    if "$ref" in schema:
        return _shape(schema)
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(kind_of(one) for one in schema["anyOf"]))
    kind = str(schema.get("type", "any"))
    return f"list of {kind_of(schema.get('items', {}))}" if kind == "array" else kind


def _words(schema: Part) -> list[str]:
    """The words of which a value is one."""
    return [str(word) for one in _within(schema) for word in one.get("enum", ())]


def _within(schema: Part) -> tuple[Part, ...]:
    """A schema, and those of the values that it may hold."""
    return (schema, schema.get("items", {}), *schema.get("anyOf", ()))
