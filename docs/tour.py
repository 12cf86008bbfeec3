"""The Python API on one page; run it as a script, or cell by cell in an editor that knows `# %%`.

Writes into the folder given as the first argument (default: `tour`). The images are rendered on the spot, of a yard
that exists nowhere.
"""

# %% Ask the published record
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import yardwatch as yw
from yardwatch.steps.fictional import LICENCE, Simulated, deliver, simulate

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "tour")
now = datetime.now(UTC)
asked = yw.Asked(as_of=date(2023, 10, 6), window="5y")
answer = yw.assess_site("tumangang", asked, beside="khasan")
print(answer.assessment.verdict)

# %% The same as data: the fields are those of `yardwatch assess --json`
print(answer.as_json()["ratio"], answer.as_json()["unprecedented"]["reason"])

# %% A page to read, and the same content as JSON
for path in yw.write_report("tumangang", asked, out=folder / "tumangang"):
    print(path)

# %% Four images of the fictional yard, as a provider might deliver them
whole = simulate()
clear = [look for look in whole.looks if look.cloud_cover == 0 and look.snow == 0]
images = deliver(folder / "images", Simulated(yard=whole.yard, looks=(*clear[:3], clear[-1])))

# %% Make a site of them. Simulated images enter no real site, so this one says that it is fictional
site = yw.create_site(folder / "yard", "Tour yard", images)
config = site.path / "site.yaml"
config.write_text(config.read_text(encoding="utf-8").replace("fictional: false", "fictional: true"), encoding="utf-8")

# %% Tracks would be drawn in QGIS or imported from OpenStreetMap; here the simulator knows them
from yardwatch.sites.tracks import write_tracks  # noqa: E402

write_tracks(site.path / "tracks.geojson", whole.yard.tracks)

# %% Receive the images, count, and look again: nothing is done twice
yw.add_scenes(site.path, images, yw.Stated(licence=LICENCE), now=now)
summary = yw.run(site.path, now=now)
print([(str(one.when), one.value, one.lower, one.upper) for one in summary.observations])
print("counted again:", yw.run(site.path, now=now).counted)

# %% What was counted, as values
for look in yw.open_site(site.path).site.zones:
    print(look.id, look.version)

# %% Correct a scene: here a reviewer says that every car drawn is right
from yardwatch.store.export import export  # noqa: E402
from yardwatch.store.geopackage import GeoPackageStore  # noqa: E402

last = summary.looks[-1]
cars = folder / "cars.geojson"
with GeoPackageStore(site.path / "site.gpkg") as store:
    export(store, "geojson", cars)
print("one bare image:", yw.count(images[-1], tracks=site.path / "tracks.geojson", out=cars)["count"])
print(yw.review(site.path, last.scene, cars, reviewer="The reader", note="tour", today=now.date()))

# %% Ground that changed: at a site with enough looks, or between two images
print(yw.changes(site.path).get("reason"))
print(len(yw.changes_between(images[0], images[-1])["changes"]), "changes between the first and the last image")
