"""Where the workbooks of old ledgers wait between upload and import: sealed, and not for ever.

They are full of ID numbers and telephones in clear, so they are no attachments: nobody opens them but the
import, and the night watch removes them.
"""

from base64 import b64decode, b64encode
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from sanxiao.docket.refusal import Refused
from sanxiao.office import seal
from sanxiao.office.now import now
from sanxiao.survey.models import Ledger

DAYS = 30
PARTS = ("original", "marked")


def _path(ledger: Ledger, part: str) -> Path:
    return Path(settings.BLOB_DIR) / "ledgers" / f"{ledger.pk}.{part}"


def put(ledger: Ledger, part: str, data: bytes) -> None:
    """Keep the original, or the copy with its errors marked."""
    path = _path(ledger, part)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(seal.seal(b64encode(data).decode(), f"survey.ledger:{ledger.pk}:{part}"))


def get(ledger: Ledger, part: str = "original") -> bytes:
    """The workbook again. Raises Refused when it is no longer kept."""
    path = _path(ledger, part)
    if not path.exists():
        raise Refused(_("这份工作簿已不再保存，请重新上传。"), code="gone")
    return b64decode(seal.unseal(path.read_text(), f"survey.ledger:{ledger.pk}:{part}"))


def forget(ledger: Ledger) -> None:
    """Remove both; what was taken from them stays."""
    for part in PARTS:
        _path(ledger, part).unlink(missing_ok=True)
    ledger.closed_at = now()
    ledger.save(update_fields=["closed_at"])


def forget_old() -> str:
    """The night watch: ledgers that were uploaded long ago; returns words for the log."""
    old = list(Ledger.objects.filter(closed_at__isnull=True, created_at__lt=now() - timedelta(days=DAYS)))
    for ledger in old:
        forget(ledger)
    return f"ledgers removed: {len(old)}"
