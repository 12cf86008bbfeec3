"""The parts of a report as blocks, in page order."""

from __future__ import annotations

from collections.abc import Iterator

from yardwatch.assess.wording import number
from yardwatch.history.days import day_words, span_words
from yardwatch.report.content import ReportContent
from yardwatch.report.drawing import WATERMARK
from yardwatch.report.figure import scene_date
from yardwatch.report.meaning import changed, replaces, signed, weighed
from yardwatch.report.outline import Block, Figure, Grid, Heading, Items, Words, said
from yardwatch.report.plates import Plate, plates
from yardwatch.report.sections import Sections
from yardwatch.report.sentences import Sentence
from yardwatch.report.views import PageView, SiteView

NO_JUDGEMENT = "None is entered. Judgement is entered and signed by a person."


def outline(content: ReportContent, view: PageView, report_id: str) -> tuple[Block, ...]:
    """Everything the report says, block by block."""
    drawn = {plate.name: plate for plate in plates(content, view)}
    parts = Sections.of(view.main)
    return (
        *_head(content, view),
        *replaces(content),
        *_finding(content, view, parts),
        *_place(view, drawn),
        *_record(view.main, drawn, ""),
        *_named("Surge", [*parts.surge, *parts.levels]),
        *_precedent(view.main, parts),
        *_named("Cross-checks", parts.checks),
        *_events(view.main, parts),
        *(block for other in view.beside for block in _beside(other, drawn)),
        *_images(view, drawn),
        *_changes(content, view, drawn),
        *_truth(view),
        *_explanations(content),
        *_limits(content, view),
        *changed(content),
        *_sources(view),
        *_methods(content, report_id),
    )


def _head(content: ReportContent, view: PageView) -> Iterator[Block]:
    yield Heading(level=1, text=content.site.name)
    if content.synthetic:
        rests = "Some or all of this report rests on rendered images. It says nothing about any place on Earth."
        yield Words(text=f"{WATERMARK}. {rests}", role="warning")
    as_of = day_words(view.main.assessment.question.as_of)
    yield Words(text=f"Yardwatch report, {content.edition} edition. As of {as_of} (UTC).", role="aside")
    verdict = view.main.sentences.get("i-verdict")
    assessment = view.main.assessment
    yield said(verdict) if verdict else Words(text=assessment.verdict)


def _finding(content: ReportContent, view: PageView, parts: Sections) -> Iterator[Block]:
    yield Heading(level=2, text="Key finding")
    layers: tuple[tuple[str, list[Sentence], str], ...] = (
        ("Observation: what was seen", parts.observations, "No look at this zone, in this unit, stands in the window."),
        ("Interpretation: what it amounts to", parts.interpretations, "Nothing can be held against the record."),
        ("Judgement: what it means", parts.judgements, NO_JUDGEMENT),
    )
    for title, sentences, none in layers:
        yield Heading(level=3, text=title)
        yield from [said(s) for s in sentences] or [Words(text=none, role="aside")]
    yield from signed(content)
    if parts.notes:
        yield Heading(level=3, text="Read with this")
        yield from (said(s) for s in parts.notes)
    yield Heading(level=3, text="Sentence to quote")
    yield Words(text=view.citation, claim="report:citation", role="quote")


def _place(view: PageView, drawn: dict[str, Plate]) -> Iterator[Block]:
    captions = {
        "location": "Where the site lies.",
        "overview": " ".join(("The ground, to scale.", *(view.main.overview.notes if view.main.overview else ()))),
    }
    yield Heading(level=2, text="The place")
    yield from (Figure(plate=drawn[name], caption=text) for name, text in captions.items() if name in drawn)


def _record(view: SiteView, drawn: dict[str, Plate], prefix: str) -> Iterator[Block]:
    if not prefix:
        yield Heading(level=2, text="The record")
    caption = f"The record of zone {view.assessment.question.zone}. " + " ".join(view.chart.notes)
    yield Figure(plate=drawn[f"{prefix}record"], caption=caption.strip())
    if f"{prefix}kinds" in drawn:
        yield Figure(plate=drawn[f"{prefix}kinds"], caption="The observed look by kind.")
    rows = tuple((row.label, f"none: {row.reason}" if row.reason else row.text, row.meaning) for row in view.rows)
    yield Grid(caption="Held against the window", head=("Figure", "Value", "What it is"), rows=rows)


def _named(title: str, sentences: list[Sentence]) -> Iterator[Block]:
    if sentences:
        yield Heading(level=2, text=title)
        yield from (said(s) for s in sentences)


def _precedent(view: SiteView, parts: Sections) -> Iterator[Block]:
    word = view.assessment.unprecedented
    yield Heading(level=2, text="“Unprecedented”")
    state = {True: "Holds", None: "Refused", False: "Does not hold"}[word.holds]
    yield Words(text=f"{state}: {word.reason}", claim="precedent:reason")
    for title, sentences in (
        ("Outside the window, and so outside the word", parts.outside),
        ("Superseded or withdrawn", parts.beaten),
    ):
        if sentences:
            yield Heading(level=3, text=title)
            yield from (said(s) for s in sentences)


def _events(view: SiteView, parts: Sections) -> Iterator[Block]:
    yield Heading(level=2, text="Onset and events")
    yield from [said(s) for s in parts.onset] or [Words(text="No onset is given.", role="aside")]
    if view.events:
        rows = tuple(
            (str(e.number), e.when, Words(text=e.title, sources=(e.source,) if e.source else ()), e.lead,
             e.disclosed + ("" if e.known else " (not yet disclosed on the as-of day)"))
            for e in view.events
        )  # fmt: skip
        head = ("No.", "Date", "Event", "Against the onset", "Disclosed")
        yield Grid(caption="Dated events against the onset, in order; none is called the cause", head=head, rows=rows)
    yield from (said(s) for s in parts.rivals)


def _beside(view: SiteView, drawn: dict[str, Plate]) -> Iterator[Block]:
    yield Heading(level=2, text=f"Beside it: {view.site.name}")
    yield from (said(s) for s in view.sentences.values() if s.id == "i-verdict")
    if view.held is not None:
        for title, texts in (("What it explains", view.held.explains), ("What it leaves open", view.held.leaves_open)):
            yield Heading(level=3, text=title)
            yield Items(entries=tuple(Words(text=text) for text in texts) or (Words(text="Nothing."),))
    yield from _record(view, drawn, f"{view.site.id}-")


def _images(view: PageView, drawn: dict[str, Plate]) -> Iterator[Block]:
    shown = [plate for name, plate in drawn.items() if name.startswith("image-")]
    if shown:
        yield Heading(level=2, text="Images")
    for plate, figure in zip(shown, view.figures, strict=False):
        yield Figure(plate=plate, caption=figure.description + (f" ({figure.left_out})" if figure.left_out else ""))


def _changes(content: ReportContent, view: PageView, drawn: dict[str, Plate]) -> Iterator[Block]:
    if content.changes or content.dismissed:
        yield Heading(level=2, text="Changes on the ground")
    for i, figure in enumerate(content.changes, 1):
        yield from (said(view.main.sentences[name]) for name in (f"o-change-{i}", f"i-change-{i}"))
        yield from (Words(text=line, claim=f"{name}:{figure.change.id}") for name, line in figure.said.items())
        if f"change-{i}" in drawn:
            plate = drawn[f"change-{i}"]
            yield Figure(plate=plate, caption=plate.alt)
    if content.dismissed:
        yield Heading(level=3, text="Found by the search and judged false by a person, and so no finding")
        lines = content.dismissed_said.items()
        yield Items(entries=tuple(Words(text=line, claim=f"dismissed:{name}") for name, line in lines))


def _truth(view: PageView) -> Iterator[Block]:
    total = view.truth_summary
    if total is None:
        return
    yield Heading(level=2, text="Counted beside true")
    yield Words(
        text=f"Only a simulated yard knows its true number. The interval holds it in {number(total.inside)} of "
        f"{number(total.rows)} looks; the count is off by {total.mean_error:.1f} cars on average.",
        claim="truth:summary",
    )
    rows = tuple(
        (row.day.isoformat(), number(row.mean), f"{number(row.lower)} to {number(row.upper)}", str(row.true))
        for row in view.truth
    )
    yield Grid(
        caption="Freight cars counted beside the true number", head=("Date", "Counted", "Interval", "True"), rows=rows
    )


def _explanations(content: ReportContent) -> Iterator[Block]:
    matrix = content.matrix
    yield Heading(level=2, text="Rival explanations")
    rated = bool(matrix.entries or matrix.rows)
    if not rated:
        yield Words(text="Nobody has rated these yet. They are listed so that none is forgotten; none is picked.")
    rows = tuple(
        (h.title, h.expects, h.against,
         ", ".join(f"{rating.value} {n}" for rating, n in matrix.tally(h.id).items()) if rated else "not yet")
        for h in matrix.hypotheses
    )  # fmt: skip
    head = ("Explanation", "Would lead one to see", "Would speak against it", "Rated")
    yield Grid(caption="Explanations to be weighed; none is picked", head=head, rows=rows)
    yield from weighed(content)


def _limits(content: ReportContent, view: PageView) -> Iterator[Block]:
    yield Heading(level=2, text="What could not be seen")
    yield Items(entries=tuple(said(s) for s in view.limits))
    if content.missing:
        text = "Images that are no longer at hand, so that their counts cannot be looked at again: "
        yield Words(text=f"{text}{', '.join(content.missing)}.", claim="report:missing-images")
    yield Heading(level=3, text="Dates without a look")
    spans = "; ".join(span_words(span) for span in view.main.assessment.no_looks)
    if spans:
        yield Words(
            text=f"On these days there was an image and it could not be used: {spans}.", claim="report:no-looks"
        )
    else:
        yield Words(text="No unusable image is recorded in the window.")


def _sources(view: PageView) -> Iterator[Block]:
    yield Heading(level=2, text="Sources")
    rows = tuple(
        (str(n.number), n.publisher, n.url, n.about, " … ".join(f"“{q}”" for q in n.quotes)) for n in view.notes.listed
    )
    if rows:
        yield Words(text=view.notes.summary, claim="sources:summary")
        head = ("No.", "Publisher", "Address", "Known of it", "Quoted")
        yield Grid(caption="One address is one source", head=head, rows=rows)
    else:
        yield Words(text="No outside source is used.", role="aside")


def _methods(content: ReportContent, report_id: str) -> Iterator[Block]:
    yield Heading(level=2, text="Methods, scenes and versions")
    if content.all_scenes:
        rows = tuple(
            (s.id, scene_date(s), s.sensor or "not stated", f"{s.gsd_m:.2f}", s.licence.name, s.sha256[:16])
            for s in content.all_scenes
        )
        head = ("Scene", "Taken", "Sensor", "GSD, m", "Licence", "SHA-256 begins")
        yield Grid(caption="Scenes", head=head, rows=rows)
    methods = tuple((m.name, m.version, m.sha256[:16]) for m in content.methods)
    made = (("report", report_id, ""), *methods)
    yield Grid(caption="What made this", head=("Part", "Version", "SHA-256 begins"), rows=made)
    if content.command:
        yield Words(text=f"Made again by: {content.command}", role="aside")
