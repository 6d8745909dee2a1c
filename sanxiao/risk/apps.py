"""风险: grade, weights for draws and visits, ranking, each with its reasons."""

from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "sanxiao.risk"
    verbose_name = "风险"
