"""保管与销毁: what is kept for how long, holds, and the destruction by two people."""

from django.apps import AppConfig


class KeepingConfig(AppConfig):
    name = "sanxiao.keeping"
    verbose_name = "保管与销毁"
