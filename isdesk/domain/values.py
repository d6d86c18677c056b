"""Frozen values, declared like the standard library's dataclasses and compiled when the first one is made.

The standard decorator writes and compiles six methods while the module is imported: about half a millisecond for every
class, and a window that opens knows more than a hundred of them, of which it makes a few. Here a frozen class gets
methods that need no compiling, and its constructor is written when it is first called. Everything else
(`fields`, `replace`, `asdict`, matching, copying, pickling, equality, hash, text) is as the standard library has it.
"""

from __future__ import annotations

import dataclasses
import sys
from operator import attrgetter
from reprlib import recursive_repr
from threading import RLock
from typing import TYPE_CHECKING, Any

from typing_extensions import override

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass
else:

    def dataclass(cls: type | None = None, /, *, frozen: bool = False, slots: bool = False) -> Any:
        """Make a dataclass; only frozen ones are made the light way."""
        if not frozen:
            return dataclasses.dataclass(cls, slots=slots)
        return _light(cls, slots) if cls is not None else lambda given: _light(given, slots)


def _light(cls: type, slots: bool) -> type:
    own = set(vars(cls))
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
    fields = dataclasses.fields(made)
    names = [f.name for f in fields]
    equal = _values([f.name for f in fields if f.compare])
    hashed = _values([f.name for f in fields if (f.compare if f.hash is None else f.hash)])
    methods: dict[str, Any] = {
        "__init__": _Constructor(made, fields),
        "__repr__": _repr([f.name for f in fields if f.repr]),
        "__eq__": lambda self, other: (
            equal(self) == equal(other) if other.__class__ is self.__class__ else NotImplemented
        ),
        "__hash__": lambda self: hash(hashed(self)),
        **_frozen(made, frozenset(names)),
    }
    if slots:
        methods |= _carried(names)
    for name, method in methods.items():
        if name not in own or (name == "__hash__" and "__eq__" in own and vars(made).get("__hash__") is None):
            setattr(made, name, method)
    return made  # type: ignore[no-any-return]


_WRITING = RLock()


class _Constructor:
    """Stands for ``__init__`` until it is asked for; then it is written."""

    def __init__(self, cls: type, fields: tuple[dataclasses.Field[Any], ...]) -> None:
        self._cls, self._fields = cls, fields

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        with _WRITING:
            written = vars(self._cls)["__init__"]
            if written is self:
                written = self._written()
                setattr(self._cls, "__init__", written)  # noqa: B010 - type checkers take the plain assignment for a slip
        return written.__get__(instance, owner)

    def _written(self) -> Any:
        """Write the constructor that the standard library would write, alone."""
        cls, fields = self._cls, self._fields
        given = [_parameter(f) for f in fields if f.init and not f.kw_only]
        named = [_parameter(f) for f in fields if f.init and f.kw_only]
        lines = [f"_set(self, {f.name!r}, {value})" for f in fields if (value := _assigned(f))]
        if hasattr(cls, "__post_init__"):
            lines.append("self.__post_init__()")
        head = ", ".join(["self", *given, *(["*", *named] if named else [])])
        body = "\n  ".join(lines or ["pass"])
        own: dict[str, Any] = {"_set": object.__setattr__, "_FACTORY": _FACTORY}
        own |= {f"_default_{f.name}": f.default for f in fields}
        own |= {f"_factory_{f.name}": f.default_factory for f in fields}
        made: dict[str, Any] = {}
        source = f"def make({', '.join(own)}):\n def __init__({head}):\n  {body}\n return __init__"
        exec(source, vars(sys.modules[cls.__module__]), made)  # noqa: S102 - of names of fields, as dataclasses do
        written = made["make"](**own)
        written.__qualname__ = f"{cls.__qualname__}.__init__"
        written.__annotations__ = {f.name: f.type for f in fields if f.init} | {"return": None}
        return written


class _Factory:
    """Stands as the default of a field whose value is made anew for every object."""

    @override
    def __repr__(self) -> str:
        return "<factory>"


_FACTORY = _Factory()


def _parameter(field: dataclasses.Field[Any]) -> str:
    if field.default is not dataclasses.MISSING:
        return f"{field.name}=_default_{field.name}"
    return f"{field.name}=_FACTORY" if field.default_factory is not dataclasses.MISSING else field.name


def _assigned(field: dataclasses.Field[Any]) -> str:
    """Return what a field is set to; empty where only ``__post_init__`` knows."""
    name = field.name
    if field.default_factory is not dataclasses.MISSING:
        return f"_factory_{name}() if {name} is _FACTORY else {name}" if field.init else f"_factory_{name}()"
    if field.init:
        return name
    return f"_default_{name}" if field.default is not dataclasses.MISSING else ""


def _values(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda one: tuple([getattr(one, name) for name in names])


def _repr(names: list[str]) -> Callable[[Any], str]:
    @recursive_repr()
    def text(self: Any) -> str:
        inner = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({inner})"

    return text


def _frozen(cls: type[Any], names: frozenset[str]) -> dict[str, Any]:
    def set_(self: Any, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def delete(self: Any, name: str) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return {"__setattr__": set_, "__delattr__": delete}


def _carried(names: list[str]) -> dict[str, Any]:
    """Return how a value without a dict is copied and pickled."""

    def state(self: Any) -> list[Any]:
        return [getattr(self, name) for name in names]

    def restore(self: Any, values: list[Any]) -> None:
        for name, value in zip(names, values, strict=True):
            object.__setattr__(self, name, value)

    return {"__getstate__": state, "__setstate__": restore}
