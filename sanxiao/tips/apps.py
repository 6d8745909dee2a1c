"""投诉举报: the public page, the sealed informer, complaints and reports with their terms, rewards."""

from django.apps import AppConfig


class TipsConfig(AppConfig):
    name = "sanxiao.tips"
    verbose_name = "投诉举报"
