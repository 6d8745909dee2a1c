"""All paths: those of the shell here, those of the rooms through their doors."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from sanxiao.docket import rooms
from sanxiao.web import api, handover_views, office_views, terms_page, views

urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", set_language, name="language"),
    path("large/", views.large, name="large"),
    path("me/", views.me, name="me"),
    path("search/", views.search, name="search"),
    path("healthz", views.healthz, name="healthz"),
    path("api/v1/docs", api.docs, name="api-docs"),
    path("api/v1/", api.api.urls),
    path("people/", office_views.persons, name="people"),
    path("people/new", office_views.person_new, name="person-new"),
    path("people/log", office_views.logbook, name="logbook"),
    path("people/<slug:username>/", office_views.person, name="person"),
    path("people/<slug:username>/<slug:act>", office_views.person_act, name="person-act"),
    path("handover/", handover_views.handover_new, name="handover-new"),
    path("handover/<uuid:pk>", handover_views.handover, name="handover"),
    path("handover/<uuid:pk>.pdf", handover_views.handover_print, name="handover-print"),
    path("settings/", office_views.rules, name="rules"),
    path("settings/terms/", terms_page.terms, name="terms"),
    path("settings/calendar", office_views.calendar, name="calendar"),
    path("settings/<int:pk>", office_views.rule, name="rule"),
    *[path("", include(room.urls)) for room in rooms.all_rooms() if room.urls],
]
