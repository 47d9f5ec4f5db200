"""The products of a query with every row of an index: where the table lies decides who computes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

Floats = NDArray[np.float32]


class Table(Protocol):
    """(images, m + 1) float32 in some memory."""

    def products(self, query: Floats) -> Floats:
        """(images,): of each row with `query` (m + 1,), summed in float32 in any order."""
        ...


class HostTable:
    """In memory or memory-mapped; BLAS multiplies."""

    def __init__(self, table: Floats) -> None:
        self._table = table

    def products(self, query: Floats) -> Floats:
        # An overflow is no error here: the row is measured.
        with np.errstate(over="ignore", invalid="ignore"):
            return self._table @ query


class DeviceTable:
    """On a device of torch's, copied there once."""

    def __init__(self, table: Floats, device: torch.device) -> None:
        import torch

        self._table = torch.tensor(table, device=device)

    def products(self, query: Floats) -> Floats:
        import torch

        vector = torch.tensor(query, device=self._table.device)
        # Not a matrix product: on a GPU that may round its factors to TF32's 10 bits, which no bound here allows for.
        return (self._table * vector).sum(dim=1).cpu().numpy()
