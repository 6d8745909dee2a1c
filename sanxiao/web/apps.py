"""门面: settings, shell, home desk, sign-in."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "sanxiao.web"
    verbose_name = "门面"

    def ready(self) -> None:
        """Open the doors of all rooms; web is the last app, so every model is known."""
        from sanxiao.docket import rooms

        rooms.collect()
