"""The partners' API: JSON over HTTP, described at ``/api/schema/``."""
