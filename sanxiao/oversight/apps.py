"""督查: inspections of units, urging, proof by sampling, scorecards, good practice."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "sanxiao.oversight"
    verbose_name = "督查"
