"""Forms of the moves that ask for more than plain fields, and of records that have no flow.

They lie as the papers do: the case on its way, what is written down in it, money, goods, what is handed over, people.
"""

from sanxiao.enforcement.forms import goods, handed, money, records, way  # noqa: F401  register the forms
from sanxiao.enforcement.forms.frame import colleagues
from sanxiao.enforcement.forms.handed import LinkForm
from sanxiao.enforcement.forms.people import BarredForm, IncidentForm

__all__ = ["BarredForm", "IncidentForm", "LinkForm", "colleagues"]
