"""The OpenAPI description of the routes under which reports are sent.

In: nothing. Out: paths and schemas for the description of the whole interface. The routes
themselves stand in `serve.intake`; tests hold the two against each other.
"""

from typing import Any, Literal

from pydantic import BaseModel, Field

from pharos.serve.problems import MEDIA_TYPE as PROBLEM_TYPE
from pharos.serve.shapes import Shape, without_suffix

NATIVE = "application/x-ndjson"
_EXAMPLE = (
    '{"pharos": 1, "id": "2024-03-08/1"}\n'
    '{"kind": "day_totals", "cinema": "astor", "date": "2024-03-08", "work": "w1", '
    '"admissions": 120, "gross": "1080.00"}\n'
)


class ReceiptShape(Shape):
    """What the sender holds once the report is safe on the disk; it never changes."""

    position: int = Field(ge=1, description="Its place in the journal.")
    sender: str
    stream: str
    id: str
    digest: str = Field(description="SHA-256 of the body, in hex.")
    leaf: str = Field(description="Its leaf in the Merkle tree of the journal, in hex.")
    arrived_at: str


class NoticedShape(Shape):
    """What a rule noticed about a report or one of its rows, and what to do."""

    rule: str
    severity: Literal["notice", "hold", "refuse"]
    row: int | None
    sentence: str
    subject: str


class MessageShape(Shape):
    """A receipt, and the verdict once the report counts; null until then."""

    receipt: ReceiptShape
    exists: bool = Field(description="The same report had arrived before; this is its receipt.")
    conflict: bool = Field(description="Another body had arrived under this id; this is evidence.")
    verdict: Literal["accepted", "exists", "accepted_with_findings", "held", "refused"] | None
    rows: int | None = None
    held: int | None = Field(None, description="Rows that do not count, each with a finding.")
    repeats: int | None = Field(None, description="Rows that had been said before.")
    findings: list[NoticedShape] | None = Field(None, description="The first hundred.")
    findings_count: int | None = None


class BatchShape(Shape):
    """One answer for each message of a batch, in their order."""

    messages: list[MessageShape]


_SHAPES: dict[str, type[BaseModel]] = {"Message": MessageShape, "Batch": BatchShape}


def described() -> tuple[dict[str, Any], dict[str, Any]]:
    """Paths and schemas of the sending half."""
    schemas: dict[str, Any] = {}
    for name, shape in _SHAPES.items():
        schema = shape.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs", {})
        schemas[name] = schema
    return _paths(), without_suffix(schemas)


def _paths() -> dict[str, Any]:
    sent = {"summary": "Send a report", "description": _SEND, "operationId": "send"}
    batch = {"summary": "Send several reports", "description": _BATCH, "operationId": "send_batch"}
    acts = {"summary": "Administer the home", "description": _ACT, "operationId": "administer"}
    find = {"summary": "Find a report by its id", "description": _FIND, "operationId": "find"}
    look = {"summary": "What became of a report", "description": _LOOK, "operationId": "message"}
    sender, wait = _text("sender", "Who says it.", required=True), _WAIT
    stream = _text("stream", "Which of the sender's streams; else what the header line says.")
    own_id = _text("id", "The sender's name for it; else the header line's, else its digest.")
    named = _text("id", "The sender's name for it.", required=True)
    return {
        "/api/v1/messages": {
            "post": sent | _operation("Message", [sender, stream, own_id, wait], NATIVE, new=True),
            "get": find | _operation("Message", [sender, stream, named, wait]),
        },
        "/api/v1/messages/{position}": {
            "get": look | _operation("Message", [_POSITION, wait]),
        },
        "/api/v1/batches": {
            "post": batch | _operation("Batch", [sender, wait], NATIVE, new=True),
        },
        "/api/v1/administration": {
            "post": acts | _operation("Message", [named, wait], "application/json", new=True),
        },
    }


def _operation(
    shape: str, parameters: list[dict[str, Any]], takes: str = "", *, new: bool = False
) -> dict[str, Any]:
    answer = {
        "description": "It is safe on the disk." if new else "The report.",
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape}"}}},
    }
    responses = {"201": answer, "200": answer | {"description": "It was there already."}}
    if not new:
        responses = {"200": answer}
    statuses = _SENDING if new else _FINDING
    responses |= {status: _problem(text) for status, text in statuses.items()}
    said: dict[str, Any] = {"tags": ["reports"], "parameters": parameters, "responses": responses}
    if takes:
        media = {"schema": {"type": "string"}, "example": _EXAMPLE}
        said["requestBody"] = {"required": True, "content": {takes: media}}
        if takes != NATIVE:
            media["example"] = _ACTS
    return said


def _problem(text: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "content": {PROBLEM_TYPE: {"schema": schema}}}


def _text(name: str, text: str, *, required: bool = False) -> dict[str, Any]:
    schema = {"type": "string", "maxLength": 200} | ({"minLength": 1} if required else {})
    return {
        "name": name, "in": "query", "required": required, "description": text, "schema": schema,
    }  # fmt: skip


_WAIT = {
    "name": "wait", "in": "query", "required": False,
    "description": "Seconds to wait for the verdict.",
    "schema": {"type": "number", "minimum": 0, "maximum": 30},
}  # fmt: skip
_POSITION = {
    "name": "position", "in": "path", "required": True, "description": "Its place in the journal.",
    "schema": {"type": "integer", "minimum": 1},
}  # fmt: skip

_SEND = (
    "One message, as it is: rows of the native format, ticket events by the column, or a table "
    "prepared with a mapping. The receipt leaves once the message is safe on the disk. Send it "
    "again under the same id whenever no answer came: a repeat gets the same receipt."
)
_BATCH = (
    "Several native messages one after another, 1,000 at most, each beginning with its header "
    "line. All are kept in one go, or none; each has its own entry in the answer."
)
_FIND = "A report that a sender sent under its own id, for instance before sending it again."
_LOOK = "A report by its position in the journal: its receipt, and its verdict once it has one."
_ACT = "An administration message of the home itself: settings, judgements, closings."
_ACTS = (
    '{"pharos": 1, "administration": [{"fact": "closing", '
    '"first": "2024-03-08", "last": "2024-03-08"}]}'
)

_SENDING = {
    "400": "A parameter is missing or cannot be read, or the body has no known encoding.",
    "408": "The body came too slowly; nothing was kept.",
    "409": "Another report had this id. Both are kept, this one does not count.",
    "413": "The body is too large; nothing was kept.",
    "422": "The body has no known form, or says what its form does not declare; it was not kept.",
    "429": "This sender has too many reports waiting; try again, see Retry-After.",
    "503": "Nothing is taken at the moment; try again, see Retry-After.",
    "507": "The disk is full; try again, see Retry-After.",
}
_FINDING = {
    "400": "A parameter is missing or cannot be read.",
    "404": "There is no such report.",
    "503": "The home cannot be read now.",
}
