"""专项经费: budget lines, spending, receipts, and what came of it."""

from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "sanxiao.funds"
    verbose_name = "专项经费"
