"""What every room's part of the JSON API shares: how an error looks, which ones are documented, what text is fit."""

from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

WORDS = {
    400: "The request is not JSON, or not an object.",
    401: "Nobody is signed in.",
    403: "Not this person's duty, or the CSRF token is missing.",
    404: "No such thing, or not on this person's ground; the two are answered alike.",
    409: "The present state does not allow it.",
    412: "Somebody else was quicker; `fields` hold what is there now.",
    422: "Something sent does not fit; `fields` name what and why.",
    428: "`If-Match` with the version that was read is missing.",
}


class Problem(Schema):
    """Every error: a code for programs, a message in the language asked for, and what is wrong by field."""

    code: str
    message: str
    fields: dict[str, Any] = Field(default_factory=dict)


def answers(good: Any, *statuses: int) -> dict[int, Any]:
    """The `response` of an operation: its good answer, and every error that it can give. 401 is always one."""
    return {200: good, **dict.fromkeys(sorted({401, *statuses}), Problem)}


class Strict(Schema):
    """Input whose every name is known: anything else is refused by name (no mass assignment)."""

    model_config = ConfigDict(extra="forbid")


def _fit(text: str) -> str:
    if "\0" in text:
        raise ValueError("nul")
    text.encode()  # half a character (a lone surrogate) fits no database
    return text


Text = Annotated[str, AfterValidator(_fit)]
