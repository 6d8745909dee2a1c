"""联合执法: operations of several offices on one list, each closing its own part."""

from django.apps import AppConfig


class JointConfig(AppConfig):
    name = "sanxiao.joint"
    verbose_name = "联合执法"
