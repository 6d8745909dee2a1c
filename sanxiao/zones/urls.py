"""Paths of zones."""

from django.urls import path

from sanxiao.zones import views

urlpatterns = [
    path("zones/", views.zones, name="zones"),
    path("zones/points.json", views.points, name="zone-points"),
    path("zones/steps/", views.steps, name="zone-steps"),
    path("zones/steps/<uuid:pk>/", views.step, name="zone-step"),
    path("zones/opinions/", views.opinions, name="zone-opinions"),
    path("zones/conditions/", views.conditions, name="zone-conditions"),
    path("zones/entrants/", views.entrants, name="zone-entrants"),
    path("zones/entrants/<uuid:pk>/", views.entrant, name="zone-entrant"),
    path("zones/willing/", views.willing, name="zone-willing"),
    path("zones/offices/", views.offices, name="zone-offices"),
    path("zones/units/<uuid:pk>/", views.unit, name="zone-unit"),
    path("zones/<uuid:pk>/", views.zone, name="zone"),
    path("zones/<uuid:pk>/plan/", views.zone_plan, name="zone-plan"),
    path("zones/<uuid:pk>/scoring/", views.scoring, name="zone-scoring"),
]
