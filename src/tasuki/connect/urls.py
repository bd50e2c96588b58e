"""Addresses of imports."""

from django.urls import include, path

from tasuki.connect import views

_imports = [
    path("imports/", views.imports, name="imports"),
    path("imports/new/", views.new_import, name="new"),
    path("imports/mappings/<int:mapping_id>.yaml", views.saved_mapping, name="saved_mapping"),
    path("imports/<int:run_id>/", views.run, name="run"),
    path("imports/<int:run_id>/mapping/", views.mapping, name="mapping"),
    path("imports/<int:run_id>/mapping/text/", views.mapping_text, name="mapping_text"),
    path("imports/<int:run_id>/mapping.yaml", views.mapping_file, name="mapping_file"),
    path("imports/<int:run_id>/mapping/save/", views.save_mapping, name="save_mapping"),
    path("imports/<int:run_id>/progress/", views.progress, name="progress"),
    path("imports/<int:run_id>/preview/", views.preview, name="preview"),
    path("imports/<int:run_id>/commit/", views.commit, name="commit"),
    path("imports/<int:run_id>/cancel/", views.cancel, name="cancel"),
    path("imports/<int:run_id>/revert/", views.revert, name="revert"),
    path("imports/<int:run_id>/discard/", views.discard, name="discard"),
    path("imports/<int:run_id>/problems.csv", views.problems_csv, name="problems_csv"),
    path("imports/<int:run_id>/skipped/<int:file_id>.csv", views.skipped_csv, name="skipped_csv"),
]

urlpatterns = [path("", include((_imports, "connect")))]
