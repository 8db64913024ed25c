"""Tensors on the wire: dtype, shape, and the numbers as base64 in little-endian order."""
from __future__ import annotations

import base64
import binascii
import math

from .wire_limits import MAX_AXES, MAX_ELEMENTS, WireError, of_type

#: dtype → bytes of an element
DTYPES = {"bool": 1, "uint8": 1, "int8": 1, "int16": 2, "int32": 4, "int64": 8,
          "float16": 2, "float32": 4, "float64": 8}


def encode_tensor(torch, value, budget) -> dict:
    name = str(value.dtype).removeprefix("torch.")
    if value.layout is not torch.strided or name not in DTYPES:
        raise WireError(f"a tensor of dtype {name} ({value.layout}) cannot be marked")
    budget.spend("elements", value.numel())
    return _pack(value.detach().cpu().resolve_neg().contiguous().numpy(), name)


def encode_array(value, budget) -> dict:
    if value.dtype.name not in DTYPES:
        raise WireError(f"an array of dtype {value.dtype.name} cannot be marked")
    budget.spend("elements", value.size)
    return _pack(value, value.dtype.name)


def _pack(array, name):
    data = array.astype(array.dtype.newbyteorder("<")).tobytes()
    return {"dtype": name, "shape": list(array.shape), "data": base64.b64encode(data).decode()}


def decode_tensor(content, budget):
    import torch

    return torch.from_numpy(decode_array(content, budget))


def decode_array(content, budget):
    import numpy as np

    dtype, shape, data = _unpack(content, budget)
    # astype copies: what comes out can be written to, and has the machine's byte order
    return np.frombuffer(data, np.dtype(dtype).newbyteorder("<")).reshape(shape).astype(dtype)


def _unpack(content, budget):
    record = of_type(content, dict)
    if set(record) != {"dtype", "shape", "data"} or of_type(record["dtype"], str) not in DTYPES:
        raise WireError("a tensor has a known dtype, a shape and data")
    shape = of_type(record["shape"], list)
    if len(shape) > MAX_AXES or not all(type(n) is int and 0 <= n <= MAX_ELEMENTS for n in shape):
        raise WireError("a tensor's shape must be whole numbers")
    size = math.prod(shape)
    budget.spend("elements", size)
    try:
        data = base64.b64decode(of_type(record["data"], str), validate=True)
    except (binascii.Error, ValueError):
        raise WireError("a tensor's data must be base64") from None
    if len(data) != size * DTYPES[record["dtype"]]:
        raise WireError("a tensor's data does not fit its shape")
    if record["dtype"] == "bool" and data.strip(b"\x00\x01"):
        raise WireError("a tensor of bool holds other bytes than 0 and 1")
    return record["dtype"], shape, data
