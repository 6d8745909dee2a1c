"""Paths of the room, and the public check page in small and capital letters."""

from django.urls import path

from sanxiao.licensing import public, views

urlpatterns = [
    path("licensing/", views.applications, name="applications"),
    path("licensing/could/", views.could, name="could-register"),
    path("licensing/expiring/", views.expiring, name="expiring"),
    path("licensing/numbers/", views.numbers, name="numbers"),
    path("licensing/print/", views.print_many, name="certificate-print"),
    path("licensing/certificates/", views.certificates, name="certificates"),
    path("licensing/certificates/<uuid:pk>/", views.certificate, name="certificate"),
    path("licensing/<uuid:pk>/", views.application, name="application"),
    path("v/", public.check, name="check-form"),
    path("V/", public.check),
    path("V/<str:code>", public.check),
    path("v/<str:code>", public.check, name="check"),
]
