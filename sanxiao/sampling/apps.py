"""监督抽检: plans, draws, samples, results, re-tests, disposal, publication, quick tests."""

from django.apps import AppConfig


class SamplingConfig(AppConfig):
    name = "sanxiao.sampling"
    verbose_name = "监督抽检"
