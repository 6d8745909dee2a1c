"""The WSGI application that granian serves, with the thread that settles what phones sent and listens for revivals."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanxiao.web.settings")
django = get_wsgi_application()

from sanxiao.field import inbox, thread  # noqa: E402  only now are the models there
from sanxiao.lookback import alarms  # noqa: E402
from sanxiao.web.chunked import whole  # noqa: E402
from sanxiao.web.keyed import short_for_phones  # noqa: E402

application = whole(short_for_phones(django))


def _work() -> None:
    """What phones have sent; and, once a minute, whether somebody who closed was come across again."""
    inbox.drain()
    alarms.listen()


thread.start(_work)
