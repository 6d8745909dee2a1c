"""回头看: look-back campaigns, revisits of what was closed, the watch for its revival, and how much slips back."""

from django.apps import AppConfig


class LookbackConfig(AppConfig):
    name = "sanxiao.lookback"
    verbose_name = "回头看"
