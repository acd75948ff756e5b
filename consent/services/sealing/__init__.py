"""The ledger's tree: sealing it, proving what is in it, telling the other side, and how it stands."""

from consent.services.sealing.proofs import Proof, proof_of
from consent.services.sealing.sealer import Sealer
from consent.services.sealing.standing import Standing, standing
from consent.services.sealing.telling import take, to_tell

__all__ = ["Proof", "Sealer", "Standing", "proof_of", "standing", "take", "to_tell"]
