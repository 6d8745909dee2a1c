"""Paths of publicity, and its public pages."""

from django.urls import path

from sanxiao.publicity import public, views

urlpatterns = [
    path("publicity/", views.acts, name="publicity"),
    path("publicity/acts/<uuid:pk>/", views.act, name="publicity-act"),
    path("publicity/units/", views.units, name="publicity-units"),
    path("publicity/texts/", views.texts, name="publicity-texts"),
    path("publicity/texts/<uuid:pk>/", views.text, name="publicity-text"),
    path("publicity/cases/", views.exposures, name="exposures"),
    path("publicity/cases/<uuid:pk>/", views.exposure, name="exposure"),
    path("publicity/polls/", views.polls, name="polls"),
    path("publicity/polls/<uuid:pk>/", views.poll, name="poll"),
    path("publicity/polls/<uuid:pk>/poster/<slug:area>", views.poll_poster, name="poll-poster"),
    path("publicity/polls/<uuid:pk>/slips/<slug:area>/<int:batch>", views.poll_slips, name="poll-slips"),
    path("publicity/credit/", views.credits_, name="credits"),
    path("publicity/credit/<uuid:pk>/", views.credit, name="credit"),
    path("publicity/credit/<uuid:pk>/print", views.credit_print, name="credit-print"),
    path("publicity/repairs/", views.repairs, name="credit-repairs"),
    path("publicity/repairs/<uuid:pk>/", views.repair, name="credit-repair"),
    path("open/", public.home, name="open"),
    path("open/cases/", public.cases, name="open-cases"),
    path("open/cases/<uuid:pk>/", public.case, name="open-case"),
    path("open/survey/<str:code>", public.questionnaire, name="open-survey"),
]
