"""The Python API on one page; run it as a script, or cell by cell in an editor that knows `# %%`.

Writes into the folder given as the first argument (default: `tour`), with images rendered on the spot.
"""

# %% Ask the published record
import sys
from datetime import date
from pathlib import Path

import yardwatch as yw

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "tour")
asked = yw.Asked(as_of=date(2023, 10, 6), window="5y")
answer = yw.assess("tumangang", asked, beside="khasan")
print(answer.assessment.verdict)

# %% The same as data: the fields are those of `yardwatch assess --json`
print(answer.as_json()["ratio"], answer.as_json()["unprecedented"]["reason"])

# %% A page to read, and the same content as JSON
for path in yw.report("tumangang", asked, out=folder):
    print(path)
