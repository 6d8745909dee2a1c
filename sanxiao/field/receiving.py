"""What a submission says, read from its XML: which form, which instance, which place, which answers and files.

The XML comes from anybody's phone: no document type, no entities, nothing from the network, and not too big.
"""

import hashlib
import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from sanxiao.docket.refusal import Refused
from sanxiao.office.now import today

LONGEST = 2_000_000  # bytes; a sheet of a hundred questions has five thousand
FORMS = "{http://openrosa.org/xforms}"
DAYS = ("surveyed_on", "observed_on", "visited_on", "walked_on", "checked_on", "today", "start")
TRUE = ("1", "true")


@dataclass(frozen=True)
class Entity:
    """What the answers do to the list of places."""

    id: uuid.UUID
    create: bool
    update: bool
    base: int | None = None
    trunk: int | None = None
    branch: uuid.UUID | None = None
    label: str = ""


@dataclass(frozen=True)
class Sent:
    """A submission as it was sent."""

    code: str
    version: str
    instance: str
    deprecated: str
    digest: str
    root: Any = field(repr=False)
    entity: Entity | None = None

    @property
    def id(self) -> uuid.UUID:
        """The key of its row: the UUID of the instance, or one made of its name."""
        return as_uuid(self.instance.removeprefix("uuid:")) or uuid.uuid5(uuid.NAMESPACE_URL, self.instance)

    def first(self, names: Iterable[str]) -> str:
        """The first answer to one of these questions."""
        for name in names:
            for node in self.root.iter(f"{{*}}{name}"):
                if len(node) == 0 and (text := (node.text or "").strip()):
                    return text
        return ""

    @property
    def village(self) -> str:
        """The village that the answers name."""
        return self.first(("village",))[:12]

    @property
    def observed_on(self) -> date:
        """The day on which it was seen, by the answers; today where they say nothing or something impossible."""
        try:
            said = date.fromisoformat(self.first(DAYS)[:10])
        except ValueError:
            return today()
        return min(said, today()) if said.year > 2000 else today()

    def named(self, questions: Collection[str]) -> list[str]:
        """The files that the answers name, each once."""
        leaves = (
            node for node in self.root.iter("{*}*") if len(node) == 0 and etree.QName(node).localname in questions
        )
        return list(dict.fromkeys(text for node in leaves if (text := (node.text or "").strip())))

    def answers(self, repeats: Collection[str]) -> dict[str, Any]:
        """Question -> text; a list of such for a repeat. Groups are left out, as names are unique in a form."""
        found: dict[str, Any] = {}
        _gather(self.root, set(repeats), found, top=True)
        return found


def read(data: bytes) -> Sent:
    """A submission from its bytes. Raises Refused for what is none, or what no honest client sends."""
    if len(data) > LONGEST:
        raise Refused(_("填报内容太大。"), code="too-large")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\0" in data:
        raise Refused(_("填报内容里有不允许的声明（DTD）。"), code="malformed")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused(_("填报内容不是正确的 XML。"), code="malformed") from error
    return _sent(root, hashlib.sha256(data).hexdigest())


def _sent(root: Any, digest: str) -> Sent:
    meta = next((node for node in root if etree.QName(node).localname == "meta"), None)
    instance = _text(meta, "instanceID") or f"sha256:{digest}"  # old clients give none
    if len(instance) > 120:
        raise Refused(_("填报编号（instanceID）太长。"), code="malformed")
    return Sent(
        code=root.get("id", ""),
        version=root.get("version") or root.get(f"{FORMS}version") or "",
        instance=instance,
        deprecated=_text(meta, "deprecatedID"),
        digest=digest,
        root=root,
        entity=_entity(meta),
    )


def _text(meta: Any, name: str) -> str:
    node = meta.find(f"{{*}}{name}") if meta is not None else None
    return (node.text or "").strip() if node is not None else ""


def _entity(meta: Any) -> Entity | None:
    node = meta.find("{*}entity") if meta is not None else None
    if node is None or (key := as_uuid(node.get("id", ""))) is None:
        return None
    return Entity(
        key, node.get("create", "") in TRUE, node.get("update", "") in TRUE, _number(node.get("baseVersion")),
        _number(node.get("trunkVersion")), as_uuid(node.get("branchId") or ""), _text(node, "label"),
    )  # fmt: skip


def as_uuid(text: str) -> uuid.UUID | None:
    """A UUID from its text, None for anything else."""
    try:
        return uuid.UUID(text.strip()) if len(text.strip()) == 36 else None
    except ValueError:
        return None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _gather(node: Any, repeats: set[str], found: dict[str, Any], *, top: bool = False) -> None:
    for child in _children(node):
        name = etree.QName(child).localname
        if top and name == "meta":
            continue
        if name in repeats:
            line: dict[str, Any] = {}
            _gather(child, repeats, line)
            found.setdefault(name, []).append(line)
        elif len(child):
            _gather(child, repeats, found)
        elif text := (child.text or "").strip():
            found[name] = text


def _children(node: Any) -> Iterator[Any]:
    return (child for child in node if isinstance(child.tag, str))
