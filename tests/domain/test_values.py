"""The light frozen values must not differ from the standard library's in anything that is seen."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, field, fields, replace
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from isdesk.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Light:
    """A value."""

    a: int
    b: str = "b"
    c: tuple[int, ...] = field(default_factory=tuple)
    d: float = field(default=0.0, compare=False)
    e: str = field(default="secret", repr=False)
    f: int = field(default=1, kw_only=True)


@dataclasses.dataclass(frozen=True, slots=True)
class Standard:
    """The same, by the standard library."""

    a: int
    b: str = "b"
    c: tuple[int, ...] = field(default_factory=tuple)
    d: float = field(default=0.0, compare=False)
    e: str = field(default="secret", repr=False)
    f: int = field(default=1, kw_only=True)


@dataclass(frozen=True)
class Base:
    """With a dict, and a check of its own."""

    n: int
    twice: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        """Refuse what is below nothing."""
        if self.n < 0:
            raise ValueError("below nothing")
        object.__setattr__(self, "twice", 2 * self.n)


@dataclass(frozen=True)
class Heir(Base):
    """With a field more, and its own text."""

    more: str = ""

    @override
    def __repr__(self) -> str:
        """Tell itself."""
        return f"<{self.n}{self.more}>"


VALUES = st.fixed_dictionaries(
    {"a": st.integers()},
    optional={
        "b": st.text(),
        "c": st.tuples(st.integers()),
        "d": st.floats(allow_nan=False),
        "e": st.text(),
        "f": st.integers(),
    },
)


def both(given: dict[str, Any]) -> tuple[Light, Standard]:
    """Return the two kinds with the same values."""
    return Light(**given), Standard(**given)


@given(VALUES, VALUES)
def test_it_is_equal_hashed_and_told_as_the_standard_one_is(one: dict[str, Any], other: dict[str, Any]) -> None:
    light, standard = both(one)
    light2, standard2 = both(other)
    assert (light == light2) is (standard == standard2)
    assert light == both(one)[0]
    assert hash(light) == hash(both(one)[0])
    assert hash(light) == hash(standard)
    assert repr(light) == repr(standard).replace("Standard", "Light")
    assert asdict(light) == asdict(standard)
    assert asdict(replace(light, b="x")) == asdict(replace(standard, b="x"))
    assert light.__eq__(standard) is NotImplemented


@given(VALUES)
def test_it_is_copied_and_pickled(one: dict[str, Any]) -> None:
    light, _ = both(one)
    for again in (copy.copy(light), copy.deepcopy(light), pickle.loads(pickle.dumps(light))):
        assert asdict(again) == asdict(light)


def test_it_has_the_same_fields_signature_and_pattern() -> None:
    shape = [(f.name, f.type, f.init, f.kw_only) for f in fields(Light)]
    assert shape == [(f.name, f.type, f.init, f.kw_only) for f in fields(Standard)]
    assert str(inspect.signature(Light)) == str(inspect.signature(Standard))
    assert get_type_hints(Light.__init__) == get_type_hints(Standard.__init__)
    assert Light.__match_args__ == Standard.__match_args__
    assert Light.__doc__ == "A value."
    assert not hasattr(Light(1), "__dict__")


@pytest.mark.parametrize(
    "change", [lambda v: setattr(v, "a", 2), lambda v: delattr(v, "a"), lambda v: setattr(v, "z", 2)]
)
def test_it_does_not_change(change: Callable[[object], None]) -> None:
    for value in (Light(1), Base(1), Heir(1)):
        with pytest.raises((FrozenInstanceError, TypeError)):
            change(value)


def test_what_is_given_wrongly_is_refused() -> None:
    for wrong in ({}, {"a": 1, "q": 2}):
        with pytest.raises(TypeError):
            Light(**wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="below"):
        Heir(-1)


def test_heirs_have_all_fields_and_their_own_methods() -> None:
    heir = Heir(2, more="x")
    assert (heir.n, heir.twice, repr(heir)) == (2, 4, "<2x>")
    assert heir == Heir(2, more="x")
    assert heir != Heir(2, more="y")
    assert Base(2) != heir
    assert replace(heir, n=3).twice == 6


def test_importing_a_module_of_values_compiles_no_constructor() -> None:
    code = "from isdesk.domain.touch import Touch; print(type(vars(Touch)['__init__']).__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "_Constructor"
