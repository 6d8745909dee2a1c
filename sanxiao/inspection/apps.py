"""检查整改: orders to correct, their problems, service, answers and re-checks."""

from django.apps import AppConfig


class InspectionConfig(AppConfig):
    name = "sanxiao.inspection"
    verbose_name = "检查整改"
