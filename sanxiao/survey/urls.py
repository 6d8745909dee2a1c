"""Paths of the survey."""

from django.urls import path

from sanxiao.survey import desk, lead_views, ledgers, views

urlpatterns = [
    path("survey/", views.sheets, name="sheets"),
    path("survey/new/", desk.kinds, name="sheet-kinds"),
    path("survey/new/<str:kind>", desk.new, name="sheet-new"),
    path("survey/doubles", desk.likely, name="sheet-doubles"),
    path("survey/leads/", lead_views.leads, name="leads"),
    path("survey/leads/<uuid:pk>/", lead_views.lead, name="lead"),
    path("survey/forms/", views.forms, name="survey-forms"),
    path("survey/forms/<int:pk>.<str:shape>", views.form, name="survey-form"),
    path("survey/export/<str:kind>/<str:what>.xlsx", views.workbook, name="survey-export"),
    path("survey/import/", ledgers.ledgers, name="ledgers"),
    path("survey/import/<uuid:pk>/", ledgers.ledger, name="ledger"),
    path("survey/import/<uuid:pk>/columns", ledgers.columns, name="ledger-columns"),
    path("survey/import/<uuid:pk>/marked.xlsx", ledgers.marked, name="ledger-marked"),
    path("survey/import/<uuid:pk>/<str:step>", ledgers.go, name="ledger-go"),
    path("survey/<uuid:pk>/", views.sheet, name="sheet"),
    path("survey/<uuid:pk>/paper.pdf", views.paper, name="sheet-paper"),
    path("survey/<uuid:pk>/reveal", views.show, name="sheet-reveal"),
]
