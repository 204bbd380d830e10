"""What the OpenAPI document says of a handler: its answer, and the parameters that it reads.

Handlers read parameters through forms, of which Litestar knows nothing; the Struct of the form is
therefore named here, and its fields become the documented parameters.
"""

from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Litestar
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, Operation, Parameter, Schema
from litestar.openapi.spec.enums import OpenAPIType

TYPES = {
    "string": OpenAPIType.STRING,
    "integer": OpenAPIType.INTEGER,
    "number": OpenAPIType.NUMBER,
    "boolean": OpenAPIType.BOOLEAN,
}


REFUSALS = {
    401: "Sign in first",
    403: "Not with your role, or not with this token",
    404: "There is no such thing, or not for you",
    413: "Too large",
    422: "Mend a field",
    429: "Too often: wait as long as Retry-After says",
    503: "Down for a moment",
}


class ErrorSaid(msgspec.Struct, frozen=True):
    """What went wrong: a code, a sentence, messages by field, and candidates for a name."""

    code: str
    message: str
    fields: dict[str, list[str]]
    candidates: list[dict[str, str | int | None]] = []


class ErrorAnswer(msgspec.Struct, frozen=True):
    """The JSON of every error."""

    error: ErrorSaid


def answers(
    shape: Any, asks: type[msgspec.Struct] | None = None, *, also: str = ""
) -> dict[str, Any]:
    """The keyword arguments by which a GET handler documents its JSON and its query.

    `also` is a second media type, in which the same comes as text.
    """
    described = ResponseSpec(shape, generate_examples=False, description="The JSON answer")
    documented: dict[str, Any] = {"responses": {200: described, **refusals()}}
    if asks is not None:
        documented["operation_class"] = _asking(asks, also)
    return documented


def refusals() -> dict[int, ResponseSpec]:
    """What any address may answer instead of what was asked."""
    return {
        status: ResponseSpec(ErrorAnswer, generate_examples=False, description=says)
        for status, says in REFUSALS.items()
    }


def document_refusals(app: Litestar) -> None:
    """Describe the errors of every handler that does not do so itself: those that change things."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if handler.resolve_include_in_schema() and not handler.responses:
                handler.responses = refusals()


def _asking(form: type[msgspec.Struct], also: str) -> type[Operation]:
    @dataclass
    class Asking(Operation):
        """An operation whose query parameters are the fields of a form."""

        def __post_init__(self) -> None:
            self.parameters = [*(self.parameters or []), *_parameters(form)]
            answer = (self.responses or {}).get("200")
            if also and isinstance(answer, OpenAPIResponse) and answer.content is not None:
                answer.content[also] = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING))

    return Asking


def _parameters(form: type[msgspec.Struct]) -> list[Parameter]:
    schema = msgspec.json.schema(form)
    fields = next(iter(schema["$defs"].values()))["properties"]
    return [
        Parameter(name=name, param_in="query", required=False, schema=_schema(field))
        for name, field in fields.items()
    ]


def _schema(field: dict[str, Any]) -> Schema:
    kinds = field.get("anyOf", [field])
    kind = next(each for each in kinds if each.get("type") != "null")
    return Schema(
        type=TYPES.get(kind.get("type", "string"), OpenAPIType.STRING),
        enum=kind.get("enum"),
        format=kind.get("format"),
        minimum=kind.get("minimum"),
        maximum=kind.get("maximum"),
        max_length=kind.get("maxLength"),
    )
