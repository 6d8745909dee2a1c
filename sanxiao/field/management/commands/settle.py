"""`manage.py settle`: settles what phones have sent, beside the web workers, until it is ended."""

from typing import Any

from django.core.management.base import BaseCommand

from sanxiao.field import inbox, thread


class Command(BaseCommand):
    """Keeps the turn: while it runs, no web worker settles."""

    help = "手机来件入库，与网页服务并行运行。 Settles what phones have sent, beside the web server."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Until the process is ended; a row that was being settled then stands as it stood."""
        thread.settle_for_all(inbox.drain)
