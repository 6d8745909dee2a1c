"""进货核查: who buys from whom, whether the supplier may sell, and what follows when nobody knows him."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "sanxiao.sources"
    verbose_name = "进货核查"
