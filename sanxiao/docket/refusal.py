"""How the program says no: with the reason that a person reads, and the fields to mend."""


class Refused(Exception):
    """Something that may not be done. `code` is for machines, `fields` name what to mend."""

    code = "refused"

    def __init__(self, reason: str, fields: dict[str, str] | None = None, code: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.fields = fields or {}
        self.code = code or self.code


class Stale(Refused):
    """Somebody else changed the record since it was opened."""

    code = "stale"
