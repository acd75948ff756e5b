"""``manage.py register_partner``: let a partner's machine ask for tokens with its public key."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consent.models import Organization
from referrals.partners.services import keys


class Command(BaseCommand):
    """Runs on the clinical side. The private key stays with the partner."""

    help = "Register the public key of a partner's machine, or take its keys back"

    def add_arguments(self, parser: CommandParser) -> None:
        """The organization, its client id and its key."""
        parser.add_argument("--organization", help="the partner's name, as it stands under Organizations")
        parser.add_argument("--client-id", required=True)
        parser.add_argument("--public-key", metavar="FILE", help="PEM, JWK or a JWK set of one")
        parser.add_argument(
            "--deactivate", action="store_true", help="take back the client's keys, tokens and grants"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Register, or take back."""
        client_id = options["client_id"]
        if options["deactivate"]:
            self.stdout.write(f"{keys.deactivate(client_id=client_id)} keys of {client_id} taken back")
            return
        if not options["organization"] or not options["public_key"]:
            raise CommandError("--organization and --public-key are needed")
        organization = Organization.objects.filter(name=options["organization"]).first()
        if organization is None:
            names = ", ".join(Organization.objects.order_by("name").values_list("name", flat=True))
            raise CommandError(f"no such organization; there are: {names or 'none'}")
        try:
            text = Path(options["public_key"]).read_text()
            key = keys.register(organization=organization, client_id=client_id, public_key=text)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{client_id} may ask for tokens with its {key.algorithm} key")
