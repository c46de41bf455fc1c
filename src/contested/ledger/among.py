"""Whether a number is one of many: a condition that takes them all as one parameter.

With a parameter for each, SQLAlchemy writes another statement for every count of them, and the database reads it anew:
of a picture's many small questions that was a tenth.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Dialect, Integer, Text, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class _Numbers(TypeDecorator[Collection[int]]):
    """A list where a database has such; else JSON."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return ARRAY(Integer()) if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> Any:
        numbers = list(value or ())
        return numbers if dialect.name == "postgresql" else str(numbers)


class _Rows(FunctionElement[int]):
    """The numbers of a parameter, each in a row of its own."""

    inherit_cache = True


def among(column: ColumnElement[int], name: str = "some") -> ColumnElement[bool]:
    """Whether a column's number is among those given under this name."""
    return column.op("IN", is_comparison=True)(_Rows(bindparam(name, type_=_Numbers())))


@compiles(_Rows, "sqlite")
def _of_json(element: _Rows, compiler: Any, **how: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **how)}))"  # noqa: S608 - names, no values


@compiles(_Rows, "postgresql")
def _of_list(element: _Rows, compiler: Any, **how: Any) -> str:
    return f"(SELECT unnest({compiler.process(element.clauses, **how)}))"
