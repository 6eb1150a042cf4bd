"""The shape of the settings: which keys there are, and what lies under each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from config.detector_settings import TunedDetectors, detector_tables, table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """Tables of one kind, by a name of the owner's choice or one after the other."""

    of: type[BaseModel]
    named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A single setting."""

    field: FieldInfo


Node = type[BaseModel] | Many | Leaf


def columns(table: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a table by the key that the file has for them."""
    return {each.alias or name: each for name, each in table.model_fields.items()}


def nodes(table: type[BaseModel]) -> dict[str, Node]:
    """Return what lies under each key of a table."""
    return {key: _node(each) for key, each in columns(table).items()}


def node_at(table: type[BaseModel], place: Sequence[str | int]) -> Node | None:
    """Return what lies at a place below a table, or None if nothing can."""
    node: Node | None = table
    for part in place:
        if isinstance(node, Many):
            node = node.of
        elif node is None or isinstance(node, Leaf):
            return None
        else:
            node = nodes(node).get(str(part))
    return node


def _node(field: FieldInfo) -> Node:
    if any(isinstance(mark, TunedDetectors) for mark in field.metadata):
        return detector_tables()
    kind = _without_none(field.annotation)
    if isinstance(kind, type) and is_dataclass(kind):
        return table_of(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    named = get_origin(kind) is Mapping
    items = get_args(kind)[1 if named else 0 :]
    if items and isinstance(items[0], type) and issubclass(items[0], BaseModel):
        return Many(of=items[0], named=named)
    return Leaf(field=field)


def _without_none(annotation: Any) -> Any:  # noqa: ANN401  # annotations have no common type
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    options = [each for each in get_args(annotation) if each is not NoneType]
    return options[0] if NoneType in get_args(annotation) else annotation
