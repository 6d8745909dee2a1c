"""Paths of the docket: the one view for moves, attachments, background work."""

from django.urls import path

from sanxiao.docket import views

urlpatterns = [
    path("do/<str:kind>/<str:pk>/<str:move>", views.do, name="do"),
    path("matter/<str:kind>/<uuid:pk>", views.matter, name="matter"),
    path("files/<uuid:pk>/<str:variant>", views.attachment, name="attachment"),
    path("jobs/<uuid:pk>", views.job, name="job"),
]
