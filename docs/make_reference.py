"""Write the pages of ``docs/`` that are made from the code: ``make reference``.

Nothing in them is said a second time: options come from the models that read them.
"""

from pathlib import Path

from docs.reference import configuration, keys, playbooks, sources

DOCS = Path(__file__).parent

if __name__ == "__main__":
    (DOCS / "sources.md").write_text(sources.page())
    (DOCS / "configuration.md").write_text(configuration.page())
    (DOCS / "playbooks.md").write_text(playbooks.page())
    (DOCS / "keys.md").write_text(keys.page())
