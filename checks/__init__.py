"""What ought to be: checks, their limits, and what they find.

Every module here whose name does not begin with an underscore is one check.
"""

from checks._catalogue import CheckEntry, broken_models, catalogue, get_check
from checks._changes import changes, comparable, is_material
from checks._closures.look import look_back
from checks._closures.words import CLASSES as CLOSURE_CLASSES
from checks._domains import by_domain, domain_of, domains
from checks._doors.count import Doors, count_at_doors
from checks._doors.words import CLASSES as DOOR_CLASSES
from checks._identity import Identity, Matches, keys_of, match, plain_address, subject_of
from checks._lanes.look import look_along_lanes
from checks._lanes.picture import lane_picture
from checks._lanes.words import CLASSES as LANE_CLASSES
from checks._lanes.words import LANE_LIMITS
from checks._law import (
    KINDERGARTEN_NOTICE,
    MINORS_36_OLD,
    MINORS_58,
    MINORS_59,
    MINORS_123,
    TOBACCO_LAYOUT,
)
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
    verdict_words,
)
from checks._registers.look import look_in_registers
from checks._registers.spec import Exempt, Fault, Frame, Licensing, Links, Mask, Note, Register
from checks._registers.words import CLASSES as REGISTER_CLASSES
from checks._rulebook.faults import pack_faults
from checks._rulebook.pack import Limits, RulePack, limits_in_force
from checks._rulebook.reading import load_rules, rule_packs
from checks._rulebook.rule import (
    COMPARATORS,
    METHOD_WORDS,
    METHODS,
    ORIGIN_POINTS,
    ORIGINS,
    SCHOOL_CLASSES,
    TARGET_POINTS,
    TRANSITIONS,
    UNITS,
    Document,
    Rule,
)
from checks._runs.area import area_of, township_area, townships, within
from checks._runs.compare import (
    DIFFERENCES,
    WHY_NOT,
    Comparison,
    Difference,
    SeenRun,
    compare,
    read_run,
)
from checks._runs.compare_files import write_comparison
from checks._runs.kept import KeptRun, brief_rows, findings_of, keep_run, kept_runs
from checks._runs.one import layers_for_one
from checks._runs.output import as_geojson, finding_feature, write_findings
from checks._runs.runner import RunResult, run
from checks._runs.spread import Spread, load_spread, spread
from checks._runs.what_if import (
    METHODS_IF,
    NOT_LAW,
    WIDEST,
    WhatIf,
    if_measured,
    if_run,
    rule_to_move,
    rules_to_move,
)
from checks._schools.licence import CLASSES as LICENCE_CLASSES
from checks._schools.near import nearest_school
from checks._schools.perimeter import Perimeter, look_around_schools
from checks._seen import Seen, UnfitError, opened, seen_of
from checks._text import Text
from checks._waste.law import BASES_ALL as WASTE_BASES
from checks._waste.look import look_near_reservoirs
from checks._waste.words import CLASSES as WASTE_CLASSES
from checks._words import any_has_word, has_word, words

__all__ = [
    "CLOSURE_CLASSES",
    "COMPARATORS",
    "DIFFERENCES",
    "DOOR_CLASSES",
    "KINDERGARTEN_NOTICE",
    "LANE_CLASSES",
    "LANE_LIMITS",
    "LICENCE_CLASSES",
    "METHODS",
    "METHODS_IF",
    "METHOD_WORDS",
    "MINORS_36_OLD",
    "MINORS_58",
    "MINORS_59",
    "MINORS_123",
    "NOT_LAW",
    "ORIGINS",
    "ORIGIN_POINTS",
    "REGISTER_CLASSES",
    "SCHOOL_CLASSES",
    "TARGET_POINTS",
    "TOBACCO_LAYOUT",
    "TRANSITIONS",
    "UNDECIDED_WORDS",
    "UNITS",
    "VERDICTS",
    "VERDICT_WORDS",
    "WASTE_BASES",
    "WASTE_CLASSES",
    "WHY_NOT",
    "WIDEST",
    "Also",
    "Check",
    "CheckEntry",
    "Comparison",
    "Difference",
    "Document",
    "Doors",
    "Exempt",
    "Failure",
    "Fault",
    "Finding",
    "Frame",
    "Identity",
    "KeptRun",
    "LayerRef",
    "LegalBasis",
    "Licensing",
    "Limit",
    "Limits",
    "Links",
    "Mask",
    "Matches",
    "Note",
    "Perimeter",
    "Register",
    "Rule",
    "RulePack",
    "RunResult",
    "Seen",
    "SeenRun",
    "Spread",
    "Text",
    "Undecided",
    "UnfitError",
    "WhatIf",
    "any_has_word",
    "area_of",
    "as_geojson",
    "brief_rows",
    "broken_models",
    "by_domain",
    "catalogue",
    "changes",
    "comparable",
    "compare",
    "count_at_doors",
    "domain_of",
    "domains",
    "finding_feature",
    "findings_of",
    "get_check",
    "has_word",
    "if_measured",
    "if_run",
    "is_material",
    "keep_run",
    "kept_runs",
    "keys_of",
    "lane_picture",
    "layers_for_one",
    "limits_in_force",
    "load_rules",
    "load_spread",
    "look_along_lanes",
    "look_around_schools",
    "look_back",
    "look_in_registers",
    "look_near_reservoirs",
    "match",
    "nearest_school",
    "opened",
    "pack_faults",
    "plain_address",
    "read_run",
    "rule_packs",
    "rule_to_move",
    "rules_to_move",
    "run",
    "seen_of",
    "spread",
    "subject_of",
    "township_area",
    "townships",
    "verdict_words",
    "within",
    "words",
    "write_comparison",
    "write_findings",
]
