"""引导帮扶: who was told, letters, training and tests, help and what came of it."""

from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    name = "sanxiao.guidance"
    verbose_name = "引导帮扶"
