"""What ought to be: checks, their limits, and what they find.

Every module here whose name does not begin with an underscore is one check.
"""

from checks._catalogue import CheckEntry, catalogue, get_check
from checks._law import (
    KINDERGARTEN_NOTICE,
    MINORS_36_OLD,
    MINORS_58,
    MINORS_59,
    MINORS_123,
    TOBACCO_LAYOUT,
)
from checks._licence import CLASSES as LICENCE_CLASSES
from checks._output import as_geojson, write_findings
from checks._pack import Limits, RulePack, limits_in_force
from checks._perimeter import Perimeter, look_around_schools
from checks._records import (
    UNDECIDED_WORDS,
    VERDICT_WORDS,
    VERDICTS,
    Also,
    Check,
    Failure,
    Finding,
    LayerRef,
    LegalBasis,
    Limit,
    Undecided,
)
from checks._rule import (
    COMPARATORS,
    METHODS,
    ORIGIN_POINTS,
    ORIGINS,
    SCHOOL_CLASSES,
    TARGET_POINTS,
    TRANSITIONS,
    Document,
    Rule,
)
from checks._rules import load_rules, rule_packs
from checks._runner import RunResult, run
from checks._text import Text

__all__ = [
    "COMPARATORS",
    "KINDERGARTEN_NOTICE",
    "LICENCE_CLASSES",
    "METHODS",
    "MINORS_36_OLD",
    "MINORS_58",
    "MINORS_59",
    "MINORS_123",
    "ORIGINS",
    "ORIGIN_POINTS",
    "SCHOOL_CLASSES",
    "TARGET_POINTS",
    "TOBACCO_LAYOUT",
    "TRANSITIONS",
    "UNDECIDED_WORDS",
    "VERDICTS",
    "VERDICT_WORDS",
    "Also",
    "Check",
    "CheckEntry",
    "Document",
    "Failure",
    "Finding",
    "LayerRef",
    "LegalBasis",
    "Limit",
    "Limits",
    "Perimeter",
    "Rule",
    "RulePack",
    "RunResult",
    "Text",
    "Undecided",
    "as_geojson",
    "catalogue",
    "get_check",
    "limits_in_force",
    "load_rules",
    "look_around_schools",
    "rule_packs",
    "run",
    "write_findings",
]
