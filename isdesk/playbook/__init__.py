"""The team's definitions: read from TOML, checked with exact positions, versioned, compared, shown as a document."""

from isdesk.playbook.diffing import Difference, diff
from isdesk.playbook.document import document
from isdesk.playbook.drafting import begin_at, put_table
from isdesk.playbook.loading import Inspected, inspect, load, loads, presets
from isdesk.playbook.model import Playbook, Preset, SourceText
from isdesk.playbook.scripts import VARIABLES, choose, variables

__all__ = [
    "VARIABLES",
    "Difference",
    "Inspected",
    "Playbook",
    "Preset",
    "SourceText",
    "begin_at",
    "choose",
    "diff",
    "document",
    "inspect",
    "load",
    "loads",
    "presets",
    "put_table",
    "variables",
]
