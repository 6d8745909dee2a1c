"""All paths: those of the shell here, those of the rooms through their doors."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from sanxiao.docket import rooms
from sanxiao.web import api, views

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
    *[path("", include(room.urls)) for room in rooms.all_rooms() if room.urls],
]
