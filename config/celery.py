"""The Celery application of a side or of the exchange. Beat only ticks; rows decide."""

from celery import Celery

app = Celery("bulkhead")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
