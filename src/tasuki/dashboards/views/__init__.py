"""Pages: home, the course, the course told apart, the records behind a figure."""

from tasuki.dashboards.views.course import course_page, groups_page
from tasuki.dashboards.views.export import export_course
from tasuki.dashboards.views.home import home
from tasuki.dashboards.views.records import records_page

__all__ = ["course_page", "export_course", "groups_page", "home", "records_page"]
