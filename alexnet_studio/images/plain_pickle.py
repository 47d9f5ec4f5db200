"""Pickled dictionaries of numpy arrays, read without running anything of what they name.

A pickle is a program: it may call whatever it can name. Here it can name five things, and each is a stand-in of
ours that only writes down what it was given: numpy's own reconstructors trust the state in the file, and a forged
dtype makes them read memory that is not theirs. What is written down is checked before it becomes an array.
"""

from __future__ import annotations

import io
import pickle
import pickletools
from typing import cast

import numpy as np
from numpy.typing import NDArray

# What protocols 0 to 5 need for dictionaries, lists, tuples, numbers, text and arrays.
_OPCODES = frozenset(
    {"PROTO", "FRAME", "STOP", "MARK", "POP", "GLOBAL", "STACK_GLOBAL", "REDUCE", "BUILD"}
    | {"PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE", "GET", "BINGET", "LONG_BINGET"}
    | {"NONE", "NEWTRUE", "NEWFALSE", "INT", "LONG", "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT"}
    | {"STRING", "BINSTRING", "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"}
    | {"UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "LIST", "EMPTY_LIST", "APPEND", "APPENDS"}
    | {"DICT", "EMPTY_DICT", "SETITEM", "SETITEMS"}
    | {"TUPLE", "EMPTY_TUPLE", "TUPLE1", "TUPLE2", "TUPLE3"}
)
_OPCODES_MOST = 2_000_000  # CIFAR-100's training file has 200,000
# An array takes six. Tuples of tuples of tuples as a key would be hashed for years.
_TUPLES_MOST = 24


class PlainPickleError(ValueError):
    """The pickle is damaged, or holds something else than plain data."""


def load(content: bytes) -> dict[str, object]:
    """The dictionary in `content`, with text keys; text of Python 2 is bytes, arrays are uint8 or integers.

    Raises `PlainPickleError`, and nothing else, whatever the content is.
    """
    try:
        _require_plain(content)
        loaded = _Reader(io.BytesIO(content), encoding="bytes").load()
        return {_text(key): _value(value) for key, value in _dictionary(loaded).items()}
    except PlainPickleError:
        raise
    except Exception as error:
        # Damaged pickles lead to exceptions of every kind (KeyError, IndexError, MemoryError ...).
        raise PlainPickleError("it is damaged") from error


def _dictionary(loaded: object) -> dict[object, object]:
    if not isinstance(loaded, dict):
        raise PlainPickleError("it holds no dictionary")
    return cast("dict[object, object]", loaded)


def _require_plain(content: bytes) -> None:
    """Look at every opcode before the first is obeyed: only known ones, and none that asks for much memory."""
    tuples = 0
    for count, (opcode, argument, _) in enumerate(pickletools.genops(content), 1):
        tuples += opcode.name.startswith("TUPLE")
        if opcode.name not in _OPCODES:
            raise PlainPickleError(f"it uses {opcode.name}, which plain data does not need")
        if count > _OPCODES_MOST or tuples > _TUPLES_MOST:
            raise PlainPickleError("it is more deeply nested or longer than plain data is")
        # The memo is a list as long as its largest index.
        if opcode.name.endswith("PUT") and int(argument or 0) > count:
            raise PlainPickleError("it is damaged")


class _Stated:
    """A stand-in that keeps the state that a pickle gives it. No other attribute can be set from outside."""

    __slots__ = ("state",)

    def __init__(self) -> None:
        self.state: object = None

    def __setstate__(self, state: object) -> None:
        self.state = state


class _Array(_Stated):
    """What numpy would make an array of: (version, shape, dtype, order of Fortran, content)."""

    __slots__ = ()


class _Dtype(_Stated):
    """A dtype's name, "u1" or "i8"; its state begins (version, byte order)."""

    __slots__ = ("code",)

    def __init__(self, code: object) -> None:
        super().__init__()
        self.code = code


class _Named:
    """A global that a pickle may name: calling it makes a stand-in, and nothing in it can be changed."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *arguments: object) -> object:
        match self._name, arguments:
            case "_reconstruct", (_Named(), *_):
                return _Array()
            case "dtype", (code, *_):
                return _Dtype(code)
            case "_frombuffer", (bytes() | bytearray() as raw, _Dtype() as dtype, shape, order):
                made = _Array()
                made.state = (1, shape, dtype, order == "F", bytes(raw))
                return made
            case "encode", (str() as text, str() | bytes() as encoding) if _text(encoding) in {
                "latin1",
                "latin-1",
            }:
                return text.encode("latin-1")
            case _:
                raise PlainPickleError(f"it calls {self._name} in an unknown way")

    def __setstate__(self, state: object) -> None:
        raise PlainPickleError(f"it changes {self._name}")


_NAMES = frozenset(
    {("numpy", "ndarray"), ("numpy", "dtype"), ("_codecs", "encode")}
    | {(f"numpy.{core}.multiarray", "_reconstruct") for core in ("core", "_core")}
    | {(f"numpy.{core}.numeric", "_frombuffer") for core in ("core", "_core")}
)


class _Reader(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str, /) -> object:
        if (module_name, global_name) not in _NAMES:
            raise PlainPickleError(f"it names {module_name}.{global_name}, which plain data does not need")
        return _Named(global_name)


def _value(value: object) -> object:
    return _array(value) if isinstance(value, _Array) else value


def _array(value: _Array) -> NDArray[np.generic]:
    state = _tuple(value.state)
    if len(state) != 5 or not isinstance(state[2], _Dtype) or not isinstance(state[4], bytes):
        raise PlainPickleError("it holds an array of an unknown kind")
    sides = tuple(side for side in _tuple(state[1]) if isinstance(side, int))
    return np.frombuffer(state[4], _dtype(state[2])).reshape(sides, order="F" if state[3] else "C")


def _dtype(value: _Dtype) -> np.dtype[np.generic]:
    code = _text(value.code)
    if code not in {"u1", "i4", "i8"}:
        raise PlainPickleError(f"it holds an array of {code[:20]}, not of bytes")
    state = _tuple(value.state)
    big = len(state) > 1 and state[1] in {">", b">"}
    return np.dtype(f"{'>' if big else '<'}{code}")


def _tuple(value: object) -> tuple[object, ...]:
    if not isinstance(value, tuple):
        raise PlainPickleError("it holds an array of an unknown kind")
    return cast("tuple[object, ...]", value)


def _text(value: object) -> str:
    """Text of Python 2 comes as bytes. Raises `PlainPickleError`."""
    match value:
        case bytes():
            return value.decode("latin-1")
        case str():
            return value
        case _:
            raise PlainPickleError("it has keys that are no text")
