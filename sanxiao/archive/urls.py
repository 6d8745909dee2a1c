"""Paths of the archive."""

from django.urls import path

from sanxiao.archive import classes, map, parts, prints, views

urlpatterns = [
    path("archive/", views.files, name="files"),
    path("archive/classes/", classes.classes, name="classes"),
    path("archive/doubles/", views.doubles_here, name="doubles"),
    path("archive/map/", map.map_page, name="map"),
    path("archive/map/points", map.points, name="points"),
    path("archive/map/boundaries", map.boundaries, name="boundaries"),
    path("archive/<uuid:pk>/", views.file, name="file"),
    path("archive/<uuid:pk>/edit", views.edit, name="file-edit"),
    path("archive/<uuid:pk>/double", views.double, name="file-double"),
    path("archive/<uuid:pk>/print", prints.print_file, name="file-print"),
    path("archive/<uuid:pk>/reveal", views.show, name="file-reveal"),
    path("archive/<uuid:pk>/attach", parts.attach, name="file-attach"),
    path("archive/<uuid:pk>/void/<uuid:attachment>", parts.void, name="file-void"),
    path("archive/<uuid:pk>/pitch", parts.pitch, name="pitch-new"),
    path("archive/<uuid:pk>/pitch/<uuid:number>", parts.pitch, name="pitch"),
]
