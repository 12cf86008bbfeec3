"""The examples of docs/sites.md run, in their order."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "sites.md"


def test_the_page_s_examples_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 4
    exec(compile("\n".join(blocks), str(PAGE), "exec"), {})
    assert (tmp_path / "my-yard" / "tracks.geojson").is_file()
