"""Paths of the room: the public page, and the desk."""

from django.urls import path

from sanxiao.tips import desk_views, exchange_views, public, views

urlpatterns = [
    path("tip/", public.tip, name="tip-public"),
    path("tip/receipt", public.answer, name="tip-receipt"),
    path("tips/", views.inbox, name="tips"),
    path("tips/open", views.open_early, name="tip-open-early"),
    path("tips/reports/", views.reports, name="tip-reports"),
    path("tips/complaints/", views.complaints, name="tip-complaints"),
    path("tips/new", views.new, name="tip-new"),
    path("tips/find", views.find, name="tip-find"),
    path("tips/find/<uuid:pk>", views.reissue, name="tip-reissue"),
    path("tips/exchange/", exchange_views.exchange, name="tip-exchange"),
    path("tips/exchange/<slug:layout>.xlsx", exchange_views.back, name="tip-back"),
    path("tips/handlers/", desk_views.handlers, name="tip-handlers"),
    path("tips/identity/<uuid:pk>", desk_views.show_identity, name="tip-identity"),
    path("tips/routes/", desk_views.routes, name="tip-routes"),
    path("tips/posters/", desk_views.poster_list, name="tip-posters"),
    path("tips/posters/<str:spot>.pdf", desk_views.poster, name="tip-poster"),
    path("tips/retention/", desk_views.retention_page, name="tip-retention"),
    path("tips/figures/", desk_views.figures_page, name="tip-figures"),
    path("tips/rewards/", desk_views.reward_list, name="tip-rewards"),
    path("tips/rewards/<uuid:pk>/", desk_views.reward, name="tip-reward"),
    path("tips/<slug:kind>/<uuid:pk>/", views.tip, name="tip"),
    path("tips/<slug:kind>/<uuid:pk>/say", views.say, name="tip-say"),
    path("tips/<slug:kind>/<uuid:pk>/hold", views.hold, name="tip-hold"),
    path("tips/<slug:kind>/<uuid:pk>/accused", views.accuse, name="tip-accused"),
    path("tips/<slug:kind>/<uuid:pk>/answer", views.answer_all, name="tip-answer-all"),
]
