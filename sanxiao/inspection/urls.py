"""Paths of inspection."""

from django.urls import path

from sanxiao.inspection import answering_views, public, repeated_views, talk_views, views, visit_views

urlpatterns = [
    path("inspection/", views.orders, name="orders"),
    path("inspection/waiting/", views.waiting, name="orders-waiting"),
    path("inspection/visits/", visit_views.visits, name="visits"),
    path("inspection/route/", visit_views.day, name="visits-route"),
    path("inspection/due/", visit_views.due, name="visits-due"),
    path("inspection/visits/<uuid:pk>/", visit_views.visit, name="visit"),
    path("inspection/talks/", talk_views.talks, name="talks"),
    path("inspection/talks/<uuid:pk>/", talk_views.talk, name="talk"),
    path("inspection/<uuid:pk>/", views.order, name="order"),
    path("open/inspections/", public.published, name="open-inspections"),
    path("inspection/repeated/", repeated_views.again, name="repeated"),
    path("inspection/pairs/", repeated_views.pairs, name="pairs"),
    path("inspection/<uuid:pk>/pairs", repeated_views.pairs_of, name="order-pairs"),
    path("inspection/<uuid:pk>/slip", answering_views.slip, name="answer-slip"),
    path("a/<str:code>", answering_views.answer, name="answer"),
    path("A/<str:code>", answering_views.answer),
]
