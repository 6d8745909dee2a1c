"""Paths of the campaign."""

from django.urls import path

from sanxiao.campaign import views, work_views

urlpatterns = [
    path("plan/", views.plan, name="plan"),
    path("plan/units/", views.units, name="plan-units"),
    path("plan/records/", views.record_list, name="plan-records"),
    path("plan/offices/", views.offices, name="plan-offices"),
    path("plan/targets/", work_views.target_list, name="targets"),
    path("plan/targets/<uuid:pk>/", work_views.target, name="target"),
    path("plan/tasks/", work_views.task_list, name="tasks"),
    path("plan/tasks/<uuid:pk>/", work_views.task, name="task"),
    path("plan/meetings/", work_views.meeting_list, name="meetings"),
    path("plan/meetings/<uuid:pk>/", work_views.meeting, name="meeting"),
    path("plan/meetings/<uuid:pk>/<str:what>.pdf", work_views.meeting_print, name="meeting-print"),
    path("plan/mobilised/", work_views.mobilised, name="mobilised"),
    path("plan/accidents/", work_views.accident_list, name="accidents"),
    path("plan/accidents/<uuid:pk>/", work_views.accident, name="accident"),
    path("m/<str:code>", work_views.meeting_sign, name="meeting-sign"),
]
