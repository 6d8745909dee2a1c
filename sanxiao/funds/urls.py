"""Paths of money."""

from django.urls import path

from sanxiao.funds import views

urlpatterns = [
    path("funds/", views.lines, name="funds"),
    path("funds/lines/<uuid:pk>/", views.line, name="funds-line"),
    path("funds/spending/", views.spendings, name="funds-spendings"),
    path("funds/spending/<uuid:pk>/", views.spending, name="funds-spending"),
    path("funds/activities/", views.by_activity, name="funds-activities"),
]
