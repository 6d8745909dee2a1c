"""What all rows of this room share: no time of day, words under the program's key, and who opens the post."""

from datetime import datetime

from django.db import models

from sanxiao.office import seal
from sanxiao.office.now import midnight, today

INTAKE = "tip.receive"


def this_day() -> datetime:
    """The first moment of today: all that is written of a time."""
    return midnight(today())


def hidden(name: str) -> property:
    """A text over the column `<name>_sealed`, encrypted with the program's key and bound to its row."""

    def place(obj: models.Model) -> str:
        return f"{obj._meta.label_lower}:{obj.pk}:{name}"

    def read(obj: models.Model) -> str:
        return seal.unseal(getattr(obj, f"{name}_sealed"), place(obj))

    def write(obj: models.Model, value: str) -> None:
        setattr(obj, f"{name}_sealed", seal.seal(value or "", place(obj)))

    return property(read, write, doc=f"{name}, in clear; stored sealed")
