"""Root URLs: each slice brings its own, told apart by their first word."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from tasuki.config import health

_SLICES = (
    "workspace",
    "records",
    "dashboards",
    "handoffs",
    "blueprint",
    "notices",
    "connect",
    "ui",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("operators/", admin.site.urls),
    *(path("", include(f"tasuki.{name}.urls")) for name in _SLICES),
]

handler400 = "tasuki.ui.views.bad_request"
handler403 = "tasuki.ui.views.denied"
handler404 = "tasuki.ui.views.not_found"
handler500 = "tasuki.ui.views.failed"
