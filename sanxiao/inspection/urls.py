"""Paths of inspection."""

from django.urls import path

from sanxiao.inspection import views

urlpatterns = [
    path("inspection/", views.orders, name="orders"),
    path("inspection/waiting/", views.waiting, name="orders-waiting"),
    path("inspection/<uuid:pk>/", views.order, name="order"),
]
