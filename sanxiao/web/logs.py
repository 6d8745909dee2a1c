"""What the logs leave out."""

import logging
import re

TIPS = "/tip/"
# The key of a phone, and the code of a public page that opens without an account.
KEY = re.compile(r"(/(?:key|[aAtT])/)[^/\s\"'?]+")


class NoKeys(logging.Filter):
    """Puts three dots in the place of a key or code, in the message and in what is filled into it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record stays, none with a key."""
        if KEY.search(said := record.getMessage()):
            record.msg, record.args = KEY.sub(r"\1…", said), ()
        return True


class NoTips(logging.Filter):
    """Leaves out every line about the public tip page but a failure of the program, of which only its kind is told."""

    def filter(self, record: logging.LogRecord) -> bool:
        """False for what would tell that somebody was there."""
        path = getattr(getattr(record, "request", None), "path", "")
        if not (path.startswith(TIPS) or TIPS in record.getMessage()):
            return True
        if record.levelno < logging.ERROR:
            return False
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "error"
        record.msg, record.args = f"the public tip page failed: {kind}", ()
        record.exc_info = record.exc_text = None
        record.__dict__.pop("request", None)
        return True
