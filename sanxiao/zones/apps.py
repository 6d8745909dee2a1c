"""集中区: projects through several offices, units and stalls, entrants, demonstration."""

from django.apps import AppConfig


class ZonesConfig(AppConfig):
    name = "sanxiao.zones"
    verbose_name = "集中区"
