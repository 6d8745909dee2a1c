"""Paths of the field's pages in the office, and of the errands."""

from django.urls import path

from sanxiao.field import check_views, clashes, coverage, errands

urlpatterns = [
    path("field/api/errands", errands.errands, name="field-errands"),
    path("field/clash/<uuid:pk>/", clashes.clash, name="field-clash"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/points", coverage.points, name="coverage-points"),
    path("coverage/add", coverage.add, name="coverage-add"),
    path("coverage/<uuid:pk>/assign", coverage.assign, name="coverage-assign"),
    path("coverage/<uuid:pk>/end", coverage.end, name="coverage-end"),
    path("checks/", check_views.board, name="checks"),
    path("checks/draw", check_views.draw, name="check-draw"),
    path("checks/list", check_views.listing, name="check-list"),
    path("checks/<uuid:pk>/", check_views.check, name="field-check"),
]
