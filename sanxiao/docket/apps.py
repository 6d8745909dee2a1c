"""办件台账: flows, terms, the log, counter-signatures, attachments."""

from django.apps import AppConfig


class DocketConfig(AppConfig):
    name = "sanxiao.docket"
    verbose_name = "办件台账"
