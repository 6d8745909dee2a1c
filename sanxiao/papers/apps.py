"""文书: documents from facts, number series, lists as pages and workbooks."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "sanxiao.papers"
    verbose_name = "文书"
