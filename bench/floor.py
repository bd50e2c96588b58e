"""The reference: Django with nothing but one view that asks the database for 1."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from bench.floor_answer import ANSWER
from tasuki.config.database import database_settings
from tasuki.config.environment import read_environment

if not settings.configured:
    os.environ["TASUKI_DB_POOL"] = "6"
    _DATABASE: dict[str, Any] = database_settings(environment=read_environment())
    settings.configure(
        ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], DATABASES={"default": _DATABASE}
    )


def one(_request: HttpRequest) -> HttpResponse:
    """Ask the database for 1."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        row = cursor.fetchone()
    return HttpResponse(ANSWER if row == (1,) else "")


urlpatterns = [path("", one)]
application = get_wsgi_application()
