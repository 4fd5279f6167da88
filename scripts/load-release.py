# Loads the files of a release as its trainers do: with `datasets`, and with the checks of TRL's own `data_utils`.
# Law: for developers alone; it changes nothing, downloads no model, and ends with 1 where a file does not load.
# pip install datasets transformers && pip install --no-deps trl accelerate
# python scripts/load-release.py FOLDER

import json
import sys
from pathlib import Path

from datasets import load_dataset
from trl.data_utils import is_conversational, unpair_preference_dataset

COLUMNS = {
    "openai_chat": {"messages"},
    "openai_dpo": {"input", "preferred_output", "non_preferred_output"},
    "trl_prompt_completion": {"prompt", "completion"},
    "trl_dpo": {"prompt", "chosen", "rejected"},
    "trl_kto": {"prompt", "completion", "label"},
}


def format_of(path: Path) -> str:
    parts = path.name.removesuffix(".jsonl").rsplit("-", 1)[0].split(".")
    return parts[1] if len(parts) > 1 else "openai_chat"


def load(path: Path) -> int:
    name = format_of(path)
    rows = load_dataset("json", data_files=str(path), split="train")
    assert set(rows.column_names) == COLUMNS[name], (path.name, rows.column_names)
    first = rows[0]
    if name.startswith("trl_") or name == "openai_chat":
        assert is_conversational(first), f"{path.name} is not conversational to TRL"
    if name == "trl_dpo":
        unpaired = unpair_preference_dataset(rows)
        assert len(unpaired) == 2 * len(rows)
    if name == "trl_kto":
        assert all(isinstance(label, bool) for label in rows["label"])
    return len(rows)


def main(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    loaded = 0
    for file in manifest["files"]:
        path = folder / file["name"]
        if path.suffix != ".jsonl" or file["rows"] == 0:
            continue
        rows = load(path)
        assert rows == file["rows"], (path.name, rows, file["rows"])
        print(f"ok      {path.name}: {rows} rows of {format_of(path)}")
        loaded += 1
    assert loaded > 0, "there is no file with rows"


main(Path(sys.argv[1]))
