"""What stands up outside: sheets, bundles, signatures, redaction, exports."""

from evidence.dossier import Dossier, Person, Picture

__all__ = ["Dossier", "Person", "Picture"]
