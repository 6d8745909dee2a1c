"""Paths of sampling, and its public pages."""

from django.urls import path

from sanxiao.sampling import public, views

urlpatterns = [
    path("sampling/", views.samples, name="samples"),
    path("sampling/plans/", views.plans, name="sampling-plans"),
    path("sampling/plans/<uuid:pk>/", views.plan, name="sampling-plan"),
    path("sampling/draws/<uuid:pk>/", views.draw, name="sampling-draw"),
    path("sampling/quick/", views.quick_tests, name="quick-tests"),
    path("sampling/quick/<uuid:pk>/", views.quick_test, name="quick-test"),
    path("sampling/published/", views.publications, name="publications"),
    path("sampling/results/", views.results, name="sampling-results"),
    path("sampling/<uuid:pk>/", views.sample, name="sample"),
    path("sampling/<uuid:pk>/form.<str:form>", views.sampling_form, name="sampling-form"),
    path("open/sampling/", public.notices, name="open-sampling"),
    path("open/sampling/<uuid:pk>/", public.notice, name="open-sample"),
]
