"""Paths of enforcement."""

from django.urls import path

from sanxiao.enforcement import public, views

urlpatterns = [
    path("cases/", views.cases, name="cases"),
    path("cases/clues/", views.case_clues, name="case-clues"),
    path("cases/<uuid:pk>/", views.case, name="case"),
    path("open/decisions/", public.decisions, name="open-decisions"),
    path("transfers/", views.transfers, name="transfers"),
    path("transfers/<uuid:pk>/", views.transfer, name="transfer"),
    path("referrals/", views.referrals, name="referrals"),
    path("referrals/<uuid:pk>/", views.referral, name="referral"),
    path("closures/", views.closures, name="closures"),
    path("closures/<uuid:pk>/", views.closure, name="closure"),
    path("incidents/new/<uuid:file_pk>/", views.incident, name="incident-new"),
    path("incidents/<uuid:pk>/", views.incident_one, name="incident"),
    path("barred/", views.barred, name="barred"),
    path("barred/new/", views.bar, name="bar"),
    path("barred/<uuid:pk>/", views.barred_one, name="barred-one"),
    path("barred/<uuid:pk>/lift/", views.unbar, name="unbar"),
]
