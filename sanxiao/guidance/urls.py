"""Paths of guidance, and its two public pages."""

from django.urls import path

from sanxiao.guidance import public, views

urlpatterns = [
    path("guidance/", views.progress, name="guidance"),
    path("guidance/telling/", views.tellings, name="telling"),
    path("guidance/telling/many", views.tell_many, name="tell-many"),
    path("guidance/leaflets/", views.leaflets, name="leaflets"),
    path("guidance/leaflets/<uuid:pk>/", views.leaflet, name="leaflet"),
    path("guidance/leaflets/<uuid:pk>/print", views.leaflet_print, name="leaflet-print"),
    path("guidance/letters/", views.mailings, name="mailings"),
    path("guidance/letters/choose", views.mailing_choose, name="mailing-choose"),
    path("guidance/letters/<uuid:pk>/", views.mailing, name="mailing"),
    path("guidance/letters/<uuid:pk>/print/<int:part>", views.mailing_print, name="mailing-print"),
    path("guidance/letters/<uuid:pk>/delivered", views.mailing_deliver, name="mailing-deliver"),
    path("guidance/letters/<uuid:pk>/numbers", views.mailing_numbers, name="mailing-numbers"),
    path("guidance/training/", views.sessions, name="sessions"),
    path("guidance/training/missing", views.untrained, name="untrained"),
    path("guidance/training/<uuid:pk>/", views.session, name="session"),
    path("guidance/training/<uuid:pk>/<slug:what>", views.session_print, name="session-print"),
    path("guidance/help/", views.helps, name="helps"),
    path("guidance/help/<uuid:pk>/", views.help_, name="help"),
    path("g/<slug:code>", public.leaflet, name="leaflet-public"),
    path("t/<str:code>", public.test, name="test"),
    path("T/<str:code>", public.test),
]
