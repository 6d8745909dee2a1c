"""Paths of the reports and of the cockpit."""

from django.urls import path

from sanxiao.reports import aims, cockpit, concern_views, views

urlpatterns = [
    path("reports/", views.index, name="reports"),
    path("reports/unit/<int:pk>/", views.unit, name="report-unit"),
    path("reports/<uuid:pk>/", views.report, name="report"),
    path("reports/<uuid:pk>/save", views.save, name="report-save"),
    path("reports/<uuid:pk>/cell/<str:cell>", views.cell, name="report-cell"),
    path("reports/<uuid:pk>/export/<str:form>", views.export, name="report-export"),
    path("concerns/", concern_views.concerns, name="concerns"),
    path("concerns/<uuid:pk>/", concern_views.concern, name="concern"),
    path("aims/", aims.aims, name="aims"),
    path("aims/<slug:key>/", aims.aim, name="aim"),
    path("cockpit/", cockpit.cockpit, name="cockpit"),
    path("cockpit/terms/", cockpit.terms, name="cockpit-terms"),
    path("cockpit/<str:figure>/", cockpit.figure, name="cockpit-figure"),
]
