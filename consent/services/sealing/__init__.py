"""The ledger's tree: sealing it, and what can be told of it."""

from consent.services.sealing.sealer import Sealer

__all__ = ["Sealer"]
