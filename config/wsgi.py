"""The WSGI entry of a site; ``DJANGO_SETTINGS_MODULE`` says which."""

from django.core.wsgi import get_wsgi_application

from config.database.base import limit_to_pages

application = get_wsgi_application()
limit_to_pages()
