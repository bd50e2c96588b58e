"""Addresses of the lists, search, and new records; those of the records' own pages come beside."""

from django.urls import path

from tasuki.records import urls_pages
from tasuki.records.views import bulk, create, export, lists, search

app_name = "records"

urlpatterns = [
    path("journeys/", lists.journeys, name="journeys"),
    path("journeys/filters/", lists.journey_filters, name="journey_filters"),
    path("journeys/new/", create.new_journey, name="journey_new"),
    path("journeys/bulk/", bulk.change_many, name="journeys_bulk"),
    path("journeys/export/", export.export_journeys, name="journeys_export"),
    path("journeys/<int:journey_id>/edit/", bulk.edit_journey, name="journey_edit"),
    path("accounts/", lists.accounts, name="accounts"),
    path("accounts/new/", create.new_account, name="account_new"),
    path("accounts/similar/", create.warn_of_accounts, name="account_similar"),
    path("accounts/options/", search.account_options, name="account_options"),
    path("accounts/export/", export.export_accounts, name="accounts_export"),
    path("persons/", lists.persons, name="persons"),
    path("persons/new/", create.new_person, name="person_new"),
    path("persons/similar/", create.warn_of_persons, name="person_similar"),
    path("persons/options/", search.person_options, name="person_options"),
    path("persons/export/", export.export_persons, name="persons_export"),
    path("search/", search.search, name="search"),
    path("search/palette/", search.palette, name="palette"),
    path("views/<slug:list_code>/save/", lists.keep_view, name="view_save"),
    path("views/<int:view_id>/delete/", lists.drop_view, name="view_delete"),
    path("views/<slug:list_code>/columns/", lists.keep_columns, name="columns"),
    *urls_pages.patterns,
]
