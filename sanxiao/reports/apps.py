"""统计报告: quarterly reports counted from the log, and the cockpit."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "sanxiao.reports"
    verbose_name = "统计报告"
