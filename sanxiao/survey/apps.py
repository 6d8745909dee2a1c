"""摸底排查: the survey tables, the sheets filled from them, and old ledgers."""

from django.apps import AppConfig


class SurveyConfig(AppConfig):
    name = "sanxiao.survey"
    verbose_name = "摸底排查"
