"""Addresses of the shared parts."""

from django.urls import path

from tasuki.ui import views

app_name = "ui"

urlpatterns = [
    path("preferences/language/", views.switch_language, name="language"),
    path("preferences/theme/", views.switch_theme, name="theme"),
    path("styleguide/", views.show_styleguide, name="styleguide"),
    path("styleguide/<slug:part>/", views.show_styleguide_part, name="styleguide_part"),
]
