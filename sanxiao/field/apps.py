"""现场: what reaches the program from a phone, and what the phone is given."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "sanxiao.field"
    verbose_name = "现场"
