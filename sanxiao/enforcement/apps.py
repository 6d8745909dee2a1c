"""执法办案: cases with their clocks, goods, decisions and fines; hand-over; closing down."""

from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    name = "sanxiao.enforcement"
    verbose_name = "执法办案"
