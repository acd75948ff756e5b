"""The machine of a partner organization, registered with a key of its own."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

from config.city.programs import TREATMENT
from consent.models import Organization
from referrals.partners.services import keys

CLIENT_ID = "three-rivers-recovery"


def register(state: Path) -> dict[str, str]:
    """Make the partner's key pair in ``state``, register its public half, and say where the private one lies."""
    private = (state / "partner-key.pem").resolve()
    call_command("partner_demo_key", out=str(private), stdout=StringIO())
    keys.register(
        organization=Organization.objects.get(name=TREATMENT),
        client_id=CLIENT_ID,
        public_key=Path(f"{private}.pub").read_text(),
    )
    return {"client_id": CLIENT_ID, "key": str(private)}
