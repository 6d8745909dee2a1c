"""Paths of keeping and destroying."""

from django.urls import path

from sanxiao.keeping import views

urlpatterns = [
    path("keeping/", views.keeping, name="keeping"),
    path("keeping/<uuid:pk>/", views.disposal, name="disposal"),
]
