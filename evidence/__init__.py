"""What stands up outside: sheets, bundles, signatures, redaction, exports."""

from evidence.dossier import Beside, Dossier, Person, Picture

__all__ = ["Beside", "Dossier", "Person", "Picture"]
