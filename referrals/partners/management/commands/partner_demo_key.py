"""``manage.py partner_demo_key``: a key pair for trying the partner API on this machine."""

import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """A real partner makes its own pair and sends us the public half."""

    help = "Write a private EC P-384 key (PEM) to FILE and its public half to FILE.pub"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("--out", metavar="FILE", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the pair; one that is there stays."""
        private, public = Path(options["out"]), Path(f"{options['out']}.pub")
        if not private.exists() or not public.exists():
            pair = ec.generate_private_key(ec.SECP384R1())
            secret = pair.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            descriptor = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secret)
            public.write_bytes(
                pair.public_key().public_bytes(
                    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
                )
            )
        self.stdout.write(f"{private} and {public}")
