"""The words of the house as frozen types: papers, summaries, claims, plans, surveys.

They are what is stored, passed between steps and written as JSON. They hold no logic beyond
what is true of the value itself, and know no other room.
"""

from agent.records.base import Problem, Record, to_json, to_json_line
from agent.records.body import Body, SectionMark
from agent.records.claim import (
    Cell,
    Claim,
    Column,
    Dropped,
    Kind,
    Missing,
    Paragraph,
    Row,
    Table,
    Verdict,
)
from agent.records.evidence import Evidence, Part
from agent.records.paper import Author, FieldOrigin, Noted, Paper, Rejected, Texts
from agent.records.plan import RESERVED_IDS, Outlier, Plan, PlannedPaper, Theme
from agent.records.reports import AddReport, Change, Estimate, Note, Rejection, StepEstimate
from agent.records.summary import Finding, PaperKind, Result, Summary
from agent.records.survey import (
    EngineInfo,
    FilePart,
    Flow,
    Frame,
    FramePart,
    LedgerRow,
    LedgerStatus,
    Section,
    Survey,
    Usage,
    Verify,
)

__all__ = [
    "AddReport",
    "Author",
    "Body",
    "Cell",
    "Change",
    "Claim",
    "Column",
    "Dropped",
    "EngineInfo",
    "Estimate",
    "Evidence",
    "FieldOrigin",
    "FilePart",
    "Finding",
    "Flow",
    "Frame",
    "FramePart",
    "Kind",
    "LedgerRow",
    "LedgerStatus",
    "Missing",
    "Note",
    "Noted",
    "Outlier",
    "Paper",
    "PaperKind",
    "Paragraph",
    "Part",
    "Plan",
    "PlannedPaper",
    "Problem",
    "RESERVED_IDS",
    "Record",
    "Rejected",
    "Rejection",
    "Result",
    "Row",
    "Section",
    "SectionMark",
    "StepEstimate",
    "Summary",
    "Survey",
    "Table",
    "Texts",
    "Theme",
    "Usage",
    "Verdict",
    "Verify",
    "to_json",
    "to_json_line",
]
