"""Addresses of home and of the course."""

from django.urls import include, path

from tasuki.dashboards import views

course_patterns = [
    path("", views.course_page, name="course"),
    path("by/", views.groups_page, name="course_by"),
    path("records/", views.records_page, name="course_records"),
    path("export.csv", views.export_course, name="course_export"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("course/", include((course_patterns, "dashboards"))),
]
