"""登记发证: applications, certificates and cards, the public check page."""

from django.apps import AppConfig


class LicensingConfig(AppConfig):
    name = "sanxiao.licensing"
    verbose_name = "登记发证"
