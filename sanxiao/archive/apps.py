"""一户一档: establishments, operators, places, life events, classification, merging."""

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "sanxiao.archive"
    verbose_name = "一户一档"
