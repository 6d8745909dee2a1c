"""宣传曝光: acts of publicity, exposed cases, what the public says, credit records."""

from django.apps import AppConfig


class PublicityConfig(AppConfig):
    name = "sanxiao.publicity"
    verbose_name = "宣传曝光"
