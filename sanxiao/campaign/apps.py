"""专项行动: the plan's phases, clauses and duties."""

from django.apps import AppConfig


class CampaignConfig(AppConfig):
    name = "sanxiao.campaign"
    verbose_name = "专项行动"
