"""What stands in the forms about a material, and the file that came with one."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

from sqlite_utils import Database

from portal.contributing.queries import words_of
from portal.errors import Invalid
from portal.i18n.language import Message
from portal.materials.queries import Work
from portal.settings import Settings
from portal.uploads.intake import Inspected, inspected
from portal.web.receiving import Received

Fields = Mapping[str, list[str]]


class Sheet:
    """What stands in the fields of a form: what was typed, or what is stored."""

    def __init__(self, fields: Fields) -> None:
        self.ticked = {name: list(values) for name, values in fields.items()}
        self.texts = {name: values[-1] for name, values in self.ticked.items() if values}


def looked_at(settings: Settings, got: Received) -> AbstractContextManager[Inspected | None]:
    """The one file of a form, looked at; nothing when there is none."""
    if not got.files:
        return nullcontext()
    if len(got.files) > 1 or got.files[0].field != "file":
        raise Invalid({"file": [Message("Send one file at a time.")]})
    sent = got.files[0]
    return inspected(settings, sent.path, sent.name)


def lost_file(problem: Invalid, got: Received) -> Invalid:
    """The same problem, and that the file has to be chosen again where there was one."""
    if got.files and "file" not in problem.fields:
        said = Message("Choose the file again: the browser does not keep it.")
        problem.fields["file"] = [said]
    return problem


def licence_of(db: Database, material_id: str) -> str:
    """Under which licence a work is, whoever asks: an adaptation has to follow it."""
    (licence,) = db.execute("SELECT licence FROM materials WHERE id = ?", [material_id]).fetchone()
    return str(licence)


def stored_fields(work: Work) -> dict[str, list[str]]:
    """The words of a work as the fields of a form."""
    fields: dict[str, list[str]] = {}
    for name, value in words_of(work).items():
        if isinstance(value, dict):
            singular = {"titles": "title", "summaries": "summary"}[name]
            fields |= {f"{singular}_{code}": [text] for code, text in value.items()}
        elif isinstance(value, list):
            fields[name] = value
        elif value is not None:
            fields[name] = [str(value)]
    return fields
