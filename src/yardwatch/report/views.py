"""What stands on the page, gathered in page order so that endnotes are numbered as they are met."""

from __future__ import annotations

from dataclasses import dataclass, replace

from yardwatch.assess.citation import citation
from yardwatch.assess.claims import Basis, by_id, claims
from yardwatch.assess.limits import limits
from yardwatch.history.assessment import Assessment
from yardwatch.history.beside import Beside
from yardwatch.history.beside import beside as held_beside
from yardwatch.model import Claim, Event, Observation, Site
from yardwatch.report.anchors import Anchors, anchor
from yardwatch.report.assessment_table import Row, assessment_rows
from yardwatch.report.chart import Chart, record_chart
from yardwatch.report.chart_kinds import kinds_chart
from yardwatch.report.content import ReportContent, TruthRow
from yardwatch.report.endnotes import Endnotes
from yardwatch.report.figure import Drawn, change_figure, scene_figure
from yardwatch.report.maps import Ground, inset, overview
from yardwatch.report.record_data import record_chart_of
from yardwatch.report.sentences import Sentence, Sentences
from yardwatch.report.surge_part import SurgePart, surge_part
from yardwatch.report.tables import EventRow, RecordRow, TruthSummary, event_rows, record_rows, truth_summary


@dataclass(frozen=True, kw_only=True, eq=False)
class SiteView:
    """One site held against its record: the site of the report, or one beside it."""

    site: Site
    assessment: Assessment
    claims: tuple[Claim, ...]
    sentences: dict[str, Sentence]
    rows: tuple[Row, ...]
    chart: Chart
    events: tuple[EventRow, ...]
    record: tuple[RecordRow, ...]
    known: dict[str, Observation]
    """Every observation the record table lists, by id."""
    anchors: Anchors
    surge: SurgePart | None = None
    """Of the site of the report; those beside it go without, as they do of the next three."""
    overview: Chart | None = None
    inset: Chart | None = None
    """None for a place that does not exist."""
    kinds: Chart | None = None
    """None where nothing is known by kind."""
    held: Beside | None = None
    """Of a site beside it: what its record explains of the other, and what not; None where their units differ."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PageView:
    """The whole page."""

    main: SiteView
    beside: tuple[SiteView, ...]
    figures: tuple[Drawn, ...]
    changes: tuple[Drawn | None, ...]
    limits: tuple[Sentence, ...]
    citation: str
    truth: tuple[TruthRow, ...]
    truth_summary: TruthSummary | None
    notes: Endnotes


def page_view(content: ReportContent) -> PageView:
    """Everything the page shows, as values; the same content gives the same view."""
    notes = Endnotes(content.references)
    main = _main(content, notes)
    found = limits(content.site, content.assessment, content.record, content.all_scenes, content.terms)
    return PageView(
        main=main,
        beside=tuple(
            _held(_beside(site, assessment, content, notes), main, content) for site, assessment in content.beside
        ),
        figures=tuple(scene_figure(figure, content.edition, content.time_zone) for figure in content.figures),
        changes=tuple(change_figure(figure, content.edition, content.time_zone) for figure in content.changes),
        limits=Sentences(main.anchors, notes, {}).of_limits(found),
        citation=citation(content.site, content.assessment, content.terms),
        truth=content.truth,
        truth_summary=truth_summary(content.truth),
        notes=notes,
    )


def _main(content: ReportContent, notes: Endnotes) -> SiteView:
    anchors = Anchors()
    for scene in content.all_scenes:
        anchors.add("scene", scene.id)
    for trace in content.traces:
        anchors.add("count", trace.count)
    for figure in content.changes:
        anchors.add("change", figure.change.id)
    basis = Basis(
        site=content.site,
        assessment=content.assessment,
        own=content.own,
        changes=tuple(figure.change for figure in content.changes),
        terms=content.terms,
    )
    judged = content.judged.claims if content.judged else ()
    return _drawn(_site_view(basis, content.record, anchors, notes, judged), content)


def _drawn(view: SiteView, content: ReportContent) -> SiteView:
    """With what is drawn of the site alone: the test, its ground, its place on Earth, what stood there by kind."""
    site, held = content.site, content.assessment
    seen = held.observed.id if held.observed else None
    cars = [pair for figure in content.figures if figure.observation == seen for pair in figure.cars]
    ground = Ground(
        site=site,
        zone=held.question.zone,
        changes=tuple(figure.change for figure in content.changes),
        cars=tuple(polygon for car, polygon in cars if car.freight),
    )
    decimals = content.public_decimals if content.edition == "public" else None
    return replace(
        view,
        surge=surge_part(held),
        overview=overview(ground, anchor("overview", site.id)),
        inset=None if site.fictional else inset(site, decimals, anchor("inset", site.id)),
        kinds=kinds_chart(held.by_kind, held.question.unit, anchor("kinds", site.id)) if held.by_kind else None,
    )


def _held(view: SiteView, main: SiteView, content: ReportContent) -> SiteView:
    """The view of a site beside, with what the two records say of each other."""
    if view.assessment.question.unit != main.assessment.question.unit:
        return view
    here = replace(content.site, record=content.record)
    return replace(view, held=held_beside(here, main.assessment, view.site, view.assessment))


def _beside(site: Site, assessment: Assessment, content: ReportContent, notes: Endnotes) -> SiteView:
    basis = Basis(site=site, assessment=assessment, terms=content.terms)
    record = tuple(sorted(basis.known.values(), key=lambda seen: (seen.when, seen.id)))
    return _site_view(basis, record, Anchors(site.id), notes)


def _site_view(
    basis: Basis,
    record: tuple[Observation, ...],
    anchors: Anchors,
    notes: Endnotes,
    judged: tuple[Claim, ...] = (),
) -> SiteView:
    site, assessment, terms = basis.site, basis.assessment, basis.terms
    everything = tuple(sorted(by_id(assessment, record).values(), key=lambda seen: (seen.when, seen.id)))
    _place(anchors, site, assessment, everything)
    known: dict[str, Observation | Event] = {seen.id: seen for seen in everything}
    known |= {lead.event.id: lead.event for lead in assessment.events}
    made = (*claims(basis), *judged)
    return SiteView(
        site=site,
        assessment=assessment,
        claims=made,
        sentences=Sentences(anchors, notes, known).of_claims(made),
        rows=assessment_rows(assessment, basis.known, terms),
        chart=record_chart(record_chart_of(site, assessment, everything), anchor("chart", site.id), terms),
        events=event_rows(assessment, notes),
        record=record_rows(everything, terms, notes),
        known={seen.id: seen for seen in everything},
        anchors=anchors,
    )


def _place(anchors: Anchors, site: Site, assessment: Assessment, record: tuple[Observation, ...]) -> None:
    """Give everything that can be evidence its place on the page."""
    for seen in record:
        anchors.add("obs", seen.id)
    for lead in assessment.events:
        anchors.add("event", lead.event.id)
    for zone in sorted({zone.id for zone in site.zones}):
        anchors.add("zone", zone)
    for part in site.breaks:
        anchors.add("break", part.id)
