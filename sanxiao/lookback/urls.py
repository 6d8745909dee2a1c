"""Paths of looking back."""

from django.urls import path

from sanxiao.lookback import views

urlpatterns = [
    path("lookback/", views.board, name="lookback"),
    path("lookback/campaigns/", views.campaigns, name="lookback-campaigns"),
    path("lookback/campaigns/new/", views.new, name="lookback-new"),
    path("lookback/campaigns/<uuid:pk>/", views.campaign, name="lookback-campaign"),
    path("lookback/looks/", views.looks, name="lookback-looks"),
    path("lookback/looks/<uuid:pk>/", views.look, name="lookback-look"),
    path("lookback/revisits/", views.revisits, name="lookback-revisits"),
    path("lookback/revisits/<uuid:pk>/", views.revisit, name="lookback-revisit"),
    path("lookback/alarms/", views.alarms, name="lookback-alarms"),
    path("lookback/alarms/<uuid:pk>/", views.alarm, name="lookback-alarm"),
    path("lookback/relapse/", views.relapse, name="lookback-relapse"),
    path("lookback/relapse/list/", views.relapse_list, name="lookback-relapse-list"),
    path("lookback/sides/<uuid:pk>/", views.sides, name="lookback-sides"),
]
