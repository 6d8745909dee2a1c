"""Password rule of graded protection (GB/T 22239): three of four character classes."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class ThreeOfFourClasses:
    """Wants three of: lower case, upper case, digits, other signs."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError when fewer than three classes occur."""
        tests = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
        if sum(any(test(c) for c in password) for test in tests) < 3:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("密码须包含大写字母、小写字母、数字、符号中的三种。")
