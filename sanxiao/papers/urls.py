"""Paths of papers."""

from django.urls import path

from sanxiao.papers import views

urlpatterns = [path("papers/<uuid:pk>.<str:form>", views.paper, name="paper")]
