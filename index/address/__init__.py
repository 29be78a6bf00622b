"""Addresses of legal and office texts: “《公务员法》第五十九条第（三）项” is looked up, not searched.

``parse`` reads addresses, ``names`` and ``titles`` know what documents are called, ``reading`` puts
a question's titles and addresses together, ``versions`` chooses between versions, ``structure``
finds the place in an outline, ``resolver`` does all of it. What comes out is in ``model``.
"""

from __future__ import annotations

from index.address.model import Lack, Missing, Reference, Resolution
from index.address.resolver import AddressResolver
from index.address.versions import VersionChoice, VersionWish

__all__ = [
    "AddressResolver",
    "Lack",
    "Missing",
    "Reference",
    "Resolution",
    "VersionChoice",
    "VersionWish",
]
