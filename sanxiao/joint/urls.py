"""Paths of joint operations."""

from django.urls import path

from sanxiao.joint import forms, views  # noqa: F401  the forms of the moves come with the paths

urlpatterns = [
    path("joint/", views.operations, name="operations"),
    path("joint/today/", views.today_, name="joint-today"),
    path("joint/calls/", views.calls, name="joint-calls"),
    path("joint/calls/<uuid:pk>/", views.call, name="joint-call"),
    path("joint/stops/<uuid:pk>/", views.stop, name="joint-stop"),
    path("joint/<uuid:pk>/", views.operation, name="operation"),
    path("joint/<uuid:pk>/places/", views.choose, name="joint-choose"),
    path("joint/<uuid:pk>/brief", views.brief, name="joint-brief"),
    path("joint/<uuid:pk>/record", views.record, name="joint-record"),
    path("joint/<uuid:pk>/day/", views.day, name="joint-day"),
]
