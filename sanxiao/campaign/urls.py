"""Paths of the campaign."""

from django.urls import path

from sanxiao.campaign import views

urlpatterns = [
    path("plan/", views.plan, name="plan"),
    path("plan/offices/", views.offices, name="plan-offices"),
]
