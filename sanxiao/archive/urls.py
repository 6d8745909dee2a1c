"""Paths of the archive."""

from django.urls import path

from sanxiao.archive import map, views

urlpatterns = [
    path("archive/", views.files, name="files"),
    path("archive/map/", map.map_page, name="map"),
    path("archive/map/points", map.points, name="points"),
    path("archive/map/boundaries", map.boundaries, name="boundaries"),
    path("archive/<uuid:pk>/", views.file, name="file"),
    path("archive/<uuid:pk>/edit", views.edit, name="file-edit"),
    path("archive/<uuid:pk>/reveal", views.show, name="file-reveal"),
]
