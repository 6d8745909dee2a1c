"""科室职责: areas, offices, people, and who may do what."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "sanxiao.office"
    verbose_name = "科室职责"
