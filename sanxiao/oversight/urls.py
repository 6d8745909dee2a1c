"""Paths of oversight."""

from django.urls import path

from sanxiao.oversight import board_views, views

urlpatterns = [
    path("oversight/", views.home, name="oversight"),
    path("oversight/rounds/", views.rounds, name="oversight-rounds"),
    path("oversight/rounds/<uuid:pk>/", views.round_page, name="oversight-round"),
    path("oversight/findings/", views.findings, name="oversight-findings"),
    path("oversight/findings/<uuid:pk>/", views.finding, name="oversight-finding"),
    path("oversight/urges/", views.urges, name="oversight-urges"),
    path("oversight/urges/late/", views.late, name="oversight-late"),
    path("oversight/urges/<uuid:pk>/", views.urge, name="oversight-urge"),
    path("oversight/urges/<uuid:pk>/pdf", views.urge_paper, name="oversight-urge-paper"),
    path("oversight/proof/", views.draws, name="oversight-draws"),
    path("oversight/proof/<uuid:pk>/", views.draw, name="oversight-draw"),
    path("oversight/proof/<uuid:pk>/pool", views.pool, name="oversight-pool"),
    path("oversight/proof/checks/", views.checks, name="oversight-checks"),
    path("oversight/proof/checks/<uuid:pk>/", views.check, name="oversight-check"),
    path("oversight/scores/", board_views.boards, name="oversight-boards"),
    path("oversight/scores/<uuid:pk>/", board_views.board, name="oversight-board"),
    path("oversight/scores/<uuid:pk>/<int:unit>/<str:measure>/", board_views.cell, name="oversight-cell"),
    path("oversight/scores/<uuid:pk>/export/<str:form>", board_views.board_paper, name="oversight-board-paper"),
    path("oversight/bulletins/", board_views.bulletins, name="oversight-bulletins"),
    path("oversight/bulletins/<uuid:pk>/", board_views.bulletin, name="oversight-bulletin"),
    path("oversight/bulletins/<uuid:pk>/save", board_views.bulletin_save, name="oversight-bulletin-save"),
    path("oversight/bulletins/<uuid:pk>/<str:form>", board_views.bulletin_paper, name="oversight-bulletin-paper"),
    path("oversight/practices/", board_views.practice_list, name="oversight-practices"),
    path("oversight/practices/<uuid:pk>/", board_views.practice, name="oversight-practice"),
    path("oversight/practices/<uuid:pk>/comment", board_views.practice_comment, name="oversight-practice-comment"),
    path("oversight/practices/<uuid:pk>/copy", board_views.practice_copy, name="oversight-practice-copy"),
]
