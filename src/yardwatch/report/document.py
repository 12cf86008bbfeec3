"""The report as JSON: the same content as the page, every statement and figure with its evidence ids."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from yardwatch.assess.judgement import Judged
from yardwatch.assess.syndication import grade_of, root
from yardwatch.assess.wording import BANDS
from yardwatch.history.assessment import EventLead
from yardwatch.history.beside import as_json as beside_json
from yardwatch.history.record_contract import coverage_json, levels_json
from yardwatch.history.surge_contract import surge_json
from yardwatch.model import Claim, Observation, Scene
from yardwatch.report.assessment_table import Row
from yardwatch.report.content import ChangeFigure, CountTrace, ReportContent
from yardwatch.report.endnotes import Endnote
from yardwatch.report.figure import Drawn
from yardwatch.report.sentences import Sentence
from yardwatch.report.views import PageView, SiteView

FORM = "yardwatch-report/1"


def document(content: ReportContent, view: PageView) -> dict[str, Any]:
    """The JSON form; its `id` is a hash of all the rest but the time it was made and the `statements` of the page."""
    body: dict[str, Any] = {
        "form": FORM,
        "edition": content.edition,
        "version": content.version,
        "command": content.command,
        "synthetic": content.synthetic,
        **_site(view.main),
        "citation": view.citation,
        "report_version": content.succession.version if content.succession else 1,
        **(content.succession.as_json() if content.succession else {"supersedes": None, "changed": []}),
        "judgement": (content.judged or Judged(faults={})).as_json(),
        "hypotheses": _hypotheses(content),
        "limits": [{"id": s.id, "text": s.text, "evidence": s.evidence.split()} for s in view.limits],
        "beside": [_site(beside) for beside in view.beside],
        "figures": [
            _figure(drawn, figure.scene, figure.observation)
            for drawn, figure in zip(view.figures, content.figures, strict=True)
        ],
        "changes": [_change(figure) for figure in content.changes],
        "changes_judged_false": [dict(entry) for entry in content.dismissed],
        "truth": [
            {
                "date": row.day.isoformat(), "counted": row.mean, "lower": row.lower, "upper": row.upper,
                "true": row.true, "evidence": [row.observation],
            }
            for row in view.truth
        ],
        "scenes": [_scene(scene) for scene in content.all_scenes],
        "missing_images": list(content.missing),
        "counts": [_trace(trace) for trace in content.traces],
        "methods": [{"name": m.name, "version": m.version, "sha256": m.sha256} for m in content.methods],
        "sources": [_source(note, content) for note in view.notes.listed],
        "likelihood_words": [{"word": b.word, "synonym": b.synonym, "percent": [b.lower, b.upper]} for b in BANDS],
    }  # fmt: skip
    generated = {"generated": content.generated.isoformat()} if content.generated else {}
    return {"id": content_id(body), **generated, **body}


def content_id(body: dict[str, Any]) -> str:
    """The report's id: a hash of its JSON form without the id, the time it was made and what follows from the rest."""
    held = {key: value for key, value in body.items() if key not in ("id", "generated", "statements")}
    return hashlib.sha256(json.dumps(held, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def statements(view: PageView) -> list[dict[str, Any]]:
    """What the page states beside the claims (rows, figures, boxes), each with the ids of its evidence.

    Made after the page, which fills the list; it follows from the rest, and so stays out of the report's id.
    """
    made = [one for side in (view.main, *view.beside) for one in side.anchors.stated.values()]
    return [{"id": one.id, "kind": one.kind, "evidence": list(one.evidence)} for one in made]


def _source(note: Endnote, content: ReportContent) -> dict[str, Any]:
    known = {one.id: one for one in content.references}
    one = next((one for one in content.references if one.url == note.url), None)
    return {
        "number": note.number, "publisher": note.publisher, "url": note.url, "quotes": note.quotes,
        "evidence": note.evidence,
        "grade": (grade_of(one, known) or None) if one else None,
        "event": str(one.event) if one and one.event else None,
        "disclosed": str(one.disclosed) if one and one.disclosed else None,
        "origin": root(one, known) if one and one.origin else None,
        "archived_sha256": (one.archived_sha256 or None) if one else None,
        "withdrawn": one.withdrawn.isoformat() if one and one.withdrawn else None,
    }  # fmt: skip


def _site(view: SiteView) -> dict[str, Any]:
    assessment = view.assessment
    asked, word = assessment.question, assessment.unprecedented
    return {
        "site": {"id": view.site.id, "name": view.site.name, "fictional": view.site.fictional},
        "as_of": asked.as_of.isoformat(),
        "verdict": assessment.verdict,
        "reason": assessment.reason,
        "claims": [_claim(claim, view.sentences[claim.id]) for claim in view.claims],
        "assessment": [_row(row) for row in view.rows],
        "by_kind": dict(assessment.by_kind),
        "unprecedented": {
            "holds": word.holds,
            "reason": word.reason,
            "window": [word.window.first.isoformat(), word.window.last.isoformat()],
            "zone": word.zone,
            "unit": word.unit,
            "n": word.n,
            "outside": [seen.id for seen in word.outside],
        },
        "superseded_by": assessment.superseded_by.id if assessment.superseded_by else None,
        "withdrawn": [{"observation": w.observation.id, "by": w.by.id} for w in assessment.withdrawn],
        "cross_checks": [seen.id for seen in assessment.cross_checks],
        "surge": surge_json(assessment.surge),
        "levels": levels_json(assessment.levels),
        "coverage": coverage_json(assessment.coverage),
        "held_beside": None if view.held is None else beside_json(view.held),
        "onset": _onset(view),
        "events": [_event(i, lead) for i, lead in enumerate(assessment.events, 1)],
        "no_looks": [str(span) for span in assessment.no_looks],
        "notes": [note.text for note in assessment.notes],
        "record": [_record(row.id, row.source, view) for row in view.record],
        "chart": {"alt": view.chart.alt, "notes": list(view.chart.notes)},
        "breaks": [
            {"id": b.id, "from": b.first.isoformat(), "to": b.last.isoformat(), "note": b.note}
            for b in view.site.breaks
        ],
        "zones": [
            {"id": z.id, "version": z.version, "parent": z.parent, "approximate": z.approximate}
            for z in view.site.zones
        ],
    }


def _claim(claim: Claim, sentence: Sentence) -> dict[str, Any]:
    return {
        "id": claim.id,
        "anchor": sentence.anchor,
        "layer": claim.layer.value,
        "text": claim.text,
        "rests_on": list(claim.rests_on),
        "evidence": list(claim.evidence),
        "numbers": dict(claim.numbers),
        "sources": list(sentence.sources),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.id, "label": row.label, "text": row.text or None, "value": row.value, "reason": row.reason,
        "evidence": list(row.evidence),
    }  # fmt: skip


def _onset(view: SiteView) -> dict[str, Any] | None:
    onset = view.assessment.onset
    if onset is None:
        return None
    return {
        "earliest": onset.earliest.isoformat(),
        "latest": onset.latest.isoformat(),
        "zones": list(onset.zones),
        "evidence": list(onset.observations),
    }


def _event(number: int, lead: EventLead) -> dict[str, Any]:
    days = lead.lead_days
    return {
        "number": number,
        "id": lead.event.id,
        "date": str(lead.event.when),
        "disclosed": str(lead.event.disclosed),
        "known": lead.known,
        "title": lead.event.title,
        "lead_days": None if days is None else {"min": days[0], "max": days[1]},
        "chance": lead.chance,
        "chance_of_any": lead.chance_of_any,
        "grade": lead.grade,
    }


def _record(observation_id: str, source: int | None, view: SiteView) -> dict[str, Any]:
    seen: Observation = view.known[observation_id]
    return {
        "id": seen.id, "date": str(seen.when), "zone": seen.zone, "unit": seen.unit, "value": seen.value,
        "lower": seen.lower, "upper": seen.upper, "role": seen.role.value, "own": seen.own, "basis": seen.basis,
        "count": seen.evidence, "source": source, "synthetic": seen.synthetic, "note": seen.note,
    }  # fmt: skip


def _hypotheses(content: ReportContent) -> dict[str, Any]:
    matrix = content.matrix
    return {
        "rated": bool(matrix.entries or matrix.rows),
        "picked": None,
        **(content.rivals.as_json() if content.rivals else {}),
        "listed": [
            {"id": h.id, "title": h.title, "expects": h.expects, "against": h.against,
             "ratings": {rating.value: n for rating, n in matrix.tally(h.id).items()}}
            for h in matrix.hypotheses
        ],
        "entries": [
            {"hypothesis": e.hypothesis, "claim": e.claim, "rating": e.rating.value, "rated_by": e.rated_by}
            for e in matrix.entries
        ],
    }  # fmt: skip


def _figure(drawn: Drawn, scene: Scene, observation: str | None) -> dict[str, Any]:
    return {
        "id": drawn.id,
        "scene": scene.id,
        "sha256": scene.sha256,
        "observation": observation,
        "alt": drawn.description,
        "pixels_left_out": drawn.left_out,
        "cars": [
            {"number": i, "id": car.id, "track": car.track, "start_m": car.start_m, "end_m": car.end_m,
             "kind": car.kind, "freight": car.freight, "covered": car.covered, "probability": car.probability}
            for i, car in drawn.numbered
        ],
    }  # fmt: skip


def _change(figure: ChangeFigure) -> dict[str, Any]:
    change, said = figure.change, figure.verdict
    return {
        "id": change.id,
        "kind": change.kind,
        "area_m2": change.area_m2,
        "first_seen": {
            "after": change.after.isoformat() if change.after else None,
            "before": change.before.isoformat() if change.before else None,
        },
        "persistence": change.persistence,
        "probability": change.probability,
        "stage": change.stage,
        "length_m": change.length_m,
        "doubt": change.doubt,
        "scenes": [scene.id for _, scene, _ in figure.sides],
        "verdict": None
        if said is None
        else {"is": said.verdict, "by": said.by, "on": said.given.isoformat(), "note": said.note},
    }


def _scene(scene: Scene) -> dict[str, Any]:
    return {
        "id": scene.id, "sha256": scene.sha256, "acquired": scene.acquired.isoformat() if scene.acquired else None,
        "date_precision": scene.date_precision, "sensor": scene.sensor, "gsd_m": scene.gsd_m,
        "off_nadir_deg": scene.off_nadir_deg, "sun_elevation_deg": scene.sun_elevation_deg,
        "synthetic": scene.synthetic, "licence": scene.licence.name, "attribution": scene.licence.attribution,
        "may_publish_pixels": scene.licence.may_publish_pixels,
    }  # fmt: skip


def _trace(trace: CountTrace) -> dict[str, Any]:
    return {
        "count": trace.count, "look": trace.look, "scene": trace.scene, "scene_sha256": trace.scene_sha256,
        "zone": trace.zone, "zone_version": trace.zone_version, "code_version": trace.code_version,
        "parameters_sha256": trace.parameters_sha256, "tracks_sha256": trace.tracks_sha256, "cars": list(trace.cars),
    }  # fmt: skip
