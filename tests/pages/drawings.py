"""What is handed to the drawing functions of `figures`, for tests that look at the numbers rather than at the picture."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any
from unittest import mock


def drawings(module: ModuleType, name: str, make: Callable[[], object]) -> list[dict[str, Any]]:
    """The arguments, by name, of each call of the function `name` of a module of `figures` while `make` runs."""
    function = getattr(module, name)
    with mock.patch.object(module, name, wraps=function) as called:
        make()
    signature = inspect.signature(function)
    return [dict(signature.bind(*call.args, **call.kwargs).arguments) for call in called.call_args_list]
