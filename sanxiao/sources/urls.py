"""Paths of source checks."""

from django.urls import path

from sanxiao.sources import entering, forms, views  # noqa: F401  registers the forms of the moves

urlpatterns = [
    path("sources/", views.buyers, name="buyers"),
    path("sources/buyers/<uuid:pk>/", views.buyer, name="buyer"),
    path("sources/buyers/<uuid:pk>/edit", views.buyer_edit, name="buyer-edit"),
    path("sources/buyers/<uuid:pk>/enter", entering.enter, name="purchase-enter"),
    path("sources/buyers/<uuid:pk>/look", entering.look, name="supplier-look"),
    path("sources/purchases/", views.purchases, name="purchases"),
    path("sources/purchases/<uuid:pk>/", entering.purchase, name="purchase"),
    path("sources/import/", entering.bring, name="purchase-import"),
    path("sources/import/blank.xlsx", entering.blank, name="purchase-blank"),
    path("sources/import/<uuid:pk>/", entering.batch, name="purchase-batch"),
    path("sources/import/<uuid:pk>/marked.xlsx", entering.marked, name="purchase-marked"),
    path("sources/suppliers/", views.suppliers, name="suppliers"),
    path("sources/suppliers/<uuid:pk>/", views.supplier, name="supplier"),
    path("sources/loops/", views.loop_list, name="loops"),
    path("sources/checks/", views.check_list, name="source-checks"),
    path("sources/checks/<uuid:pk>/", views.check, name="source-check"),
    path("sources/alerts/", views.alert_list, name="alerts"),
    path("sources/alerts/<uuid:pk>/", views.alert, name="alert"),
    path("sources/of/<uuid:pk>/buyers.<str:form>", views.buyers_of_place, name="buyers-of"),
    path("sources/of/<uuid:pk>/warn", views.warn_buyers, name="warn-buyers"),
]
